// Mooncake's conversation trace (12,031 requests, FAST 2025) on 8 vLLM V1 instances of Llama 2 70B on 8 H100 each, with prefix caching over
// the trace's own hash ids. The file is not shipped: MOONCAKE_TRACE names it, or it lies in ../shared. Simulation only.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { prepare } from "./prepare.js";

const FILE =
  process.env.MOONCAKE_TRACE ??
  fileURLToPath(new URL("../../../shared/data/traces/conversation_trace.jsonl", import.meta.url));
const BLOCK_TOKENS = 512;

const OVERRIDES = [
  "engine=vllm_v1",
  "performance_model=profile",
  "cluster.servers=[{sku: dgx-h100, count: 8}]",
  "scheduler=round_robin",
  "trace=constant",
  "trace.requests=1",
];

function readTrace(text) {
  const rows = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach(({ hash_ids: ids }, row) => {
    offsets[row + 1] = offsets[row] + ids.length;
  });
  return {
    count: rows.length,
    arrivalSeconds: Float64Array.from(rows, ({ timestamp }) => timestamp / 1000),
    promptTokens: Int32Array.from(rows, ({ input_length: tokens }) => tokens),
    outputTokens: Int32Array.from(rows, ({ output_length: tokens }) => tokens),
    requestId: Int32Array.from(rows, (_, row) => row),
    requestType: new Uint8Array(rows.length).fill(2),
    applicationId: new Uint8Array(rows.length),
    batchSize: new Uint8Array(rows.length).fill(1),
    prefixBlocks: { blockTokens: BLOCK_TOKENS, offsets, ids: Int32Array.from(rows.flatMap((row) => row.hash_ids)) },
    source: FILE,
  };
}

export async function vllmV1WithMooncake() {
  if (!existsSync(FILE)) return { run: () => ({ skipped: `${FILE} is not there` }), warmUps: 0, repetitions: 1 };
  const { simulate } = await import("../../dist/sim/simulation.js");
  const inputs = { ...(await prepare(OVERRIDES)), trace: readTrace(readFileSync(FILE, "utf8")) };
  const run = () => {
    const { trace, counts, completionOrder, outcomes } = simulate(inputs);
    if (completionOrder.length !== trace.count) throw new Error("requests were left unfinished");
    const sum = (column) => column.reduce((total, value) => total + value, 0);
    return {
      requests: trace.count,
      events: counts.events,
      iterations: counts.iterations,
      hitRate: Number((sum(outcomes.cachedPromptTokens) / sum(trace.promptTokens)).toFixed(4)),
      preemptions: sum(outcomes.preemptions),
    };
  };
  return { run, warmUps: 1, repetitions: 3 };
}
