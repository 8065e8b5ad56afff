/** Traces that can be worked out by hand, mostly of the published specification of both schedulers. */
import { describe, expect, test } from "vitest";
import { passText, passTotals, serve } from "./scenario.ts";

const small = { max_num_seqs: 16, max_model_len: 64 };

describe("VllmSimulator's scheduler", () => {
  const legacy = { engine: "vllm_v0_chunked", legacy: true } as const;

  test("computes a prompt in chunks of the budget, then sees each token one pass late", () => {
    const record = serve({
      ...legacy,
      parameters: { num_gpu_blocks: 100, max_num_batched_tokens: 512 },
      rows: [{ arrival: 0, prompt: 1000, output: 3 }],
    });
    expect(passTotals(record)).toEqual([512, 488, 1, 1, 1]);
    expect(record.outcomes.prefillEndSeconds[0]).toBe((512 + 488 + 1) / 1024 + 3 / 64);
  });

  test("takes requests at the passes that queries_per_pass says", () => {
    const rows = Array.from({ length: 5 }, () => ({ arrival: 0, prompt: 100, output: 10 }));
    const parameters = { num_gpu_blocks: 4000, max_num_batched_tokens: 1024, arrivals: "pass" };
    expect(
      passTotals(serve({ ...legacy, parameters: { ...parameters, queries_per_pass: [1, 1, 1, 1, 1] }, rows })),
    ).toEqual([100, 101, 102, 103, 104, 5, 5, 5, 5, 5, 5, 4, 3, 2, 1]);
    expect(passTotals(serve({ ...legacy, parameters: { ...parameters, queries_per_pass: [5] }, rows }))).toEqual([
      500, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
    ]);
  });

  test("preempts the last request when no block is free, which computes all anew later", () => {
    const record = serve({
      ...legacy,
      parameters: { block_size: 4, num_gpu_blocks: 12, num_watermark_blocks: 1, max_num_batched_tokens: 32 },
      rows: Array.from({ length: 3 }, () => ({ arrival: 0, prompt: 8, output: 20 })),
    });
    const passes = record.passLogs?.[0].rows ?? [];
    expect(passTotals(record).slice(0, 6)).toEqual([24, 3, 3, 3, 3, 3]);
    expect(passes.flatMap(({ preempted }, pass) => preempted.map((request) => [pass, request]))).toEqual([
      [6, 2],
      [14, 1],
      [26, 2],
    ]);
    expect(passText(record).split(" | ").slice(21, 23)).toEqual(["1:22,2:10", "1:1,2:4"]);
    expect(passes.length).toBe(39);
    expect([...(record.outcomes.preemptions ?? [])]).toEqual([0, 1, 2]);
  });

  test("keeps the watermark's blocks free at admission", () => {
    const record = serve({
      ...legacy,
      parameters: { block_size: 4, num_gpu_blocks: 10, num_watermark_blocks: 2, max_num_batched_tokens: 64 },
      rows: [
        { arrival: 0, prompt: 16, output: 3 },
        { arrival: 0, prompt: 20, output: 2 },
      ],
    });
    expect(passTotals(record)).toEqual([16, 1, 1, 1, 20, 1, 1]);
  });
});

describe("vLLM V0", () => {
  const parameters = { num_gpu_blocks: 100, max_num_batched_tokens: 512 };
  const twoRequests = [
    { arrival: 0, prompt: 100, output: 4 },
    { arrival: 0.01, prompt: 50, output: 3 },
  ];

  test("counts the token of the last chunk as the first one: one pass less than VllmSimulator", () => {
    const record = serve({
      engine: "vllm_v0_chunked",
      parameters,
      rows: [{ arrival: 0, prompt: 1000, output: 3 }],
    });
    expect(passTotals(record)).toEqual([512, 488, 1, 1]);
    expect(record.outcomes.prefillEndSeconds[0]).toBe(1000 / 1024 + 2 / 64);
  });

  test("lets decodes and chunks share a pass with chunked prefill, and prompts go first without", () => {
    expect(passText(serve({ engine: "vllm_v0_chunked", parameters, rows: twoRequests }))).toBe(
      "0:100 | 0:1,1:50 | 0:1,1:1 | 0:1,1:1",
    );
    expect(passText(serve({ engine: "vllm_v0", parameters, rows: twoRequests }))).toBe(
      "0:100 | 1:50 | 0:1,1:1 | 0:1,1:1 | 0:1",
    );
  });

  test("starts the third of three requests when the first is finished if two may run", () => {
    const record = serve({
      engine: "vllm_v0_chunked",
      parameters: { ...parameters, max_num_seqs: 2 },
      rows: [3, 5, 2].map((output) => ({ arrival: 0, prompt: 20, output })),
    });
    expect(passText(record)).toBe("0:20,1:20 | 0:1,1:1 | 0:1,1:1 | 1:1,2:20 | 1:1,2:1");
  });
});

describe("vLLM V1", () => {
  const engine = "vllm_v1";

  test("computes a prompt in chunks of the budget and has the first token at the end of the last chunk", () => {
    const record = serve({
      engine,
      parameters: { num_gpu_blocks: 100, max_num_batched_tokens: 512, max_num_seqs: 8 },
      rows: [{ arrival: 0, prompt: 1000, output: 3 }],
    });
    expect(passTotals(record)).toEqual([512, 488, 1, 1]);
    expect(record.outcomes.prefillEndSeconds[0]).toBe(1000 / 1024 + 2 / 64);
  });

  test("lets a preempted request find its own blocks that are still cached", () => {
    const record = serve({
      engine,
      parameters: { ...small, block_size: 4, num_gpu_blocks: 13, max_num_batched_tokens: 32 },
      rows: Array.from({ length: 3 }, () => ({ arrival: 0, prompt: 8, output: 20 })),
    });
    const passes = record.passLogs?.[0].rows ?? [];
    expect(passes.flatMap(({ preempted }, pass) => preempted.map((request) => [pass, request])).slice(0, 2)).toEqual([
      [9, 2],
      [17, 1],
    ]);
    expect(passes[19].finished).toEqual([0]);
    expect(passes[20]).toMatchObject({ requests: [1, 2], tokens: [5, 17], prefixHits: [[1, 20]] });
    expect(passes.length).toBe(31);
  });

  test("admits a request only if its whole prompt fits, unless that is switched off", () => {
    const parameters = {
      ...small,
      block_size: 4,
      num_gpu_blocks: 17,
      max_num_batched_tokens: 16,
      enable_prefix_caching: false,
    };
    const rows = [
      { arrival: 0, prompt: 40, output: 6 },
      { arrival: 0, prompt: 40, output: 3 },
    ];
    const reserved = serve({ engine, parameters, rows });
    expect(passTotals(reserved)).toEqual([16, 16, 8, 1, 1, 1, 1, 1, 16, 16, 8, 1, 1]);
    const early = serve({ engine, parameters: { ...parameters, scheduler_reserve_full_isl: false }, rows });
    expect(passText(early).split(" | ")[2]).toBe("0:8,1:8");
    const preemptedIn = early.passLogs?.[0].rows.flatMap(({ preempted }, pass) => (preempted.length > 0 ? [pass] : []));
    expect(preemptedIn).toEqual([3, 5, 7]);
    expect(passTotals(early).length).toBe(13);
  });

  test("computes at least the last block of a prompt that was seen before", () => {
    const record = serve({
      engine,
      parameters: { num_gpu_blocks: 100, max_num_batched_tokens: 512, max_num_seqs: 8 },
      rows: [
        { arrival: 0, prompt: 64, output: 1 },
        { arrival: 1, prompt: 64, output: 1 },
      ],
      trace: { prefixBlocks: { blockTokens: 64, offsets: Int32Array.of(0, 1, 2), ids: Int32Array.of(7, 7) } },
    });
    expect(passText(record)).toBe("0:64 | 1:16");
    expect([...(record.outcomes.cachedPromptTokens ?? [])]).toEqual([0, 48]);
  });

  test("shares blocks smaller and larger than the trace's as far as they are covered", () => {
    const served = (block_size: number) =>
      serve({
        engine,
        parameters: { block_size, num_gpu_blocks: 100, max_num_batched_tokens: 512, max_num_seqs: 8 },
        rows: [
          { arrival: 0, prompt: 100, output: 1 },
          { arrival: 1, prompt: 100, output: 1 },
        ],
        // 20 + 20 shared tokens, then another block for each.
        trace: {
          prefixBlocks: { blockTokens: 20, offsets: Int32Array.of(0, 3, 6), ids: Int32Array.of(0, 1, 2, 0, 1, 3) },
        },
      }).outcomes.cachedPromptTokens?.[1];
    expect([5, 16, 20, 32].map(served)).toEqual([40, 32, 40, 32]);
  });

  test("serves lower values of priority first, and preempts the largest", () => {
    const record = serve({
      engine,
      parameters: {
        ...small,
        block_size: 4,
        num_gpu_blocks: 9,
        max_num_batched_tokens: 32,
        scheduling_policy: "priority",
        enable_prefix_caching: false,
      },
      rows: [
        { arrival: 0, prompt: 8, output: 12, priority: 2 },
        { arrival: 0, prompt: 8, output: 12, priority: 1 },
      ],
    });
    expect(passText(record).split(" | ")[0]).toBe("1:8,0:8");
    expect([...(record.outcomes.preemptions ?? [])]).toEqual([1, 0]);
  });
});
