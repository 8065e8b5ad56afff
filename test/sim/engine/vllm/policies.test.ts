/** Policies of papers, as settings of the V1 rules. */
import { describe, expect, test } from "vitest";
import { passText, passTotals, serve } from "./scenario.ts";

describe("orca_iteration (Orca, OSDI 2022)", () => {
  const engine = "orca_iteration";

  test("lets a whole prompt join the decodes at the next iteration, and finished requests leave at once", () => {
    const record = serve({
      engine,
      parameters: { num_gpu_blocks: 10_000, max_num_seqs: 2 },
      rows: [
        { arrival: 0, prompt: 100, output: 4 },
        { arrival: 0.01, prompt: 3000, output: 2 },
        { arrival: 0.01, prompt: 10, output: 1 },
      ],
    });
    expect(passText(record)).toBe("0:100 | 0:1,1:3000 | 0:1,1:1 | 0:1,2:10");
  });

  test("admits a request with the memory of all its tokens, and so preempts nobody", () => {
    const rows = Array.from({ length: 4 }, () => ({ arrival: 0, prompt: 10, output: 20 }));
    // 29 tokens each are in the cache at the end: two requests fit.
    const parameters = { num_gpu_blocks: 61, max_num_seqs: 4 };
    const record = serve({ engine, parameters, rows });
    const running = record.passLogs?.[0].rows.map(({ requests }) => requests.length) ?? [];
    expect(Math.max(...running)).toBe(2);
    expect([...(record.outcomes.preemptions ?? [])]).toEqual([0, 0, 0, 0]);
    const paged = serve({
      engine: "vllm_v1",
      parameters: { ...parameters, block_size: 1, max_num_batched_tokens: 64 },
      rows,
    });
    expect(Math.max(...(paged.outcomes.preemptions ?? []))).toBeGreaterThan(0);
  });
});

describe("sarathi_serve (Sarathi-Serve, OSDI 2024)", () => {
  test("decodes in every pass, and fills up to the budget with chunks of prompts", () => {
    const record = serve({
      engine: "sarathi_serve",
      parameters: { num_gpu_blocks: 10_000, max_num_batched_tokens: 128, max_num_seqs: 16 },
      rows: [
        { arrival: 0, prompt: 100, output: 10 },
        { arrival: 0.01, prompt: 500, output: 3 },
      ],
    });
    expect(passText(record).split(" | ").slice(0, 6)).toEqual([
      "0:100",
      "0:1,1:127",
      "0:1,1:127",
      "0:1,1:127",
      "0:1,1:119",
      "0:1,1:1",
    ]);
    expect(Math.max(...passTotals(record))).toBe(128);
  });
});
