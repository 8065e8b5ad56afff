// One vLLM V1 instance in steady load: 512 prompt and 512 output tokens a request that arrive as a Poisson process
// at 10 requests/s (about 150 run at once), prefix caching on. Simulation only.
import { prepare } from "./prepare.js";

const OVERRIDES = [
  "engine=vllm_v1",
  "performance_model=profile",
  "cluster.servers=[{sku: dgx-h100, count: 1}]",
  "scheduler=round_robin",
  "trace=constant",
  "trace.arrivals.process=poisson",
  "trace.rate=10",
  "trace.requests=20000",
  "trace.lengths.prompt.tokens=512",
  "trace.lengths.output.tokens=512",
];

export async function vllmV1With512() {
  const { simulate } = await import("../../dist/sim/simulation.js");
  const inputs = await prepare(OVERRIDES);
  const run = () => {
    const { trace, counts, completionOrder } = simulate(inputs);
    if (completionOrder.length !== trace.count) throw new Error("requests were left unfinished");
    return { requests: trace.count, events: counts.events, iterations: counts.iterations };
  };
  return { run, warmUps: 3, repetitions: 7 };
}
