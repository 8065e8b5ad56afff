// Mooncake's conversation trace (12,031 requests in an hour, FAST 2025), simulation only. The file is not shipped: MOONCAKE_TRACE
// names it, or it lies in ../shared.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { prepare } from "./prepare.js";

const FILE =
  process.env.MOONCAKE_TRACE ??
  fileURLToPath(new URL("../../../shared/data/traces/conversation_trace.jsonl", import.meta.url));

/** Eight vLLM V1 instances of Llama 2 70B on 8 H100 each, with prefix caching over the trace's own hash ids. */
export const VLLM_V1 = [
  "engine=vllm_v1",
  "performance_model=profile",
  "cluster.servers=[{sku: dgx-h100, count: 8}]",
  "scheduler=round_robin",
];

/** Llama 3.3 70B on eight DGX-H100, four that prefill and four that decode. */
export const DISAGGREGATED = [
  "scheduler=disaggregated",
  "engine=disaggregated",
  "start_state=splitwise",
  "start_state.prompt.num_instances=4",
  "start_state.token.num_instances=4",
  "performance_model=roofline",
  "applications=model",
  "applications.0.model_architecture=llama3.3-70b",
  "cluster.servers=[{sku: dgx-h100, count: 8}]",
];

export const COMPATIBLE = ["compat=llm_serving", "prefill_local=shortest"];

export function mooncake(overrides) {
  return async () => {
    if (!existsSync(FILE)) return { run: () => ({ skipped: `${FILE} is not there` }), warmUps: 0, repetitions: 1 };
    const { simulate } = await import("../../dist/sim/simulation.js");
    const inputs = await prepare([...overrides, "trace=mooncake", `trace.path='${FILE}'`]);
    const sum = (column = []) => column.reduce((total, value) => total + value, 0);
    const run = () => {
      const { trace, counts, completionOrder, outcomes } = simulate(inputs);
      if (completionOrder.length !== trace.count) throw new Error("requests were left unfinished");
      return {
        requests: trace.count,
        events: counts.events,
        iterations: counts.iterations,
        hitRate: Number((sum(outcomes.cachedPromptTokens) / sum(trace.promptTokens)).toFixed(4)),
        preemptions: sum(outcomes.preemptions),
      };
    };
    return { run, warmUps: 5, repetitions: 5 };
  };
}
