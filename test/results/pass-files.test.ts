import { expect, test } from "vitest";
import { passDetailJsonl, passTokensJson } from "../../src/results/pass-files.ts";
import { serve } from "../sim/engine/vllm/scenario.ts";

const record = serve({
  engine: "vllm_v1",
  parameters: { num_gpu_blocks: 100, max_num_batched_tokens: 512, max_num_seqs: 8 },
  rows: [
    { arrival: 0, prompt: 20, output: 2, id: 7 },
    { arrival: 0, prompt: 30, output: 1, id: 3 },
  ],
});
const rows = record.passLogs?.[0].rows ?? [];

test("tokens of passes are written as verifiers of engines read them, by request id", () => {
  expect(JSON.parse(passTokensJson(rows, record))).toEqual([
    { 7: 20, 3: 30, total_batched_tokens: 50 },
    { 7: 1, total_batched_tokens: 1 },
  ]);
});

test("a line per pass tells the rest", () => {
  const [first] = passDetailJsonl(rows, record).split("\n");
  expect(JSON.parse(first)).toEqual({
    start: 0,
    duration: 1 / 64 + 50 / 1024,
    requests: [7, 3],
    tokens: [20, 30],
    has_prefill: true,
    preempted: [],
    prefix_hits: [],
    emitted: [7, 3],
    finished: [3],
    running_after: [7],
    waiting_after: [],
    free_blocks_after: 97,
  });
});
