/** Random workloads on small caches: what holds for every engine and policy. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SimulationError } from "../../../../src/errors.ts";
import type { RunRecord } from "../../../../src/sim/recorder.ts";
import { type EngineName, type Scenario, serve } from "./scenario.ts";

const BLOCKS = 40;
const BLOCK_TOKENS = 4;

/** Equal and close arrivals, and gaps in which the engine is idle. */
const rows = fc.array(
  fc.record({
    arrival: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 200 }).map((count) => count / 64),
    ),
    prompt: fc.integer({ min: 1, max: 60 }),
    output: fc.integer({ min: 1, max: 40 }),
    priority: fc.integer({ min: 0, max: 2 }),
    group: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 1, maxLength: 14 },
);

const parameters = fc.record({
  max_num_batched_tokens: fc.integer({ min: 16, max: 70 }),
  max_num_seqs: fc.integer({ min: 1, max: 16 }),
  enable_prefix_caching: fc.boolean(),
  scheduling_policy: fc.constantFrom("fcfs", "priority"),
  long_prefill_token_threshold: fc.constantFrom(0, 0, 9),
  watermark: fc.constantFrom(0, 0.1),
  scheduler_reserve_full_isl: fc.boolean(),
  num_watermark_blocks: fc.integer({ min: 0, max: 3 }),
  token_visibility: fc.constantFrom("same_pass", "next_pass"),
  preempted_order: fc.constantFrom("oldest_first", "latest_first"),
});

type Valued<Kind> = Kind extends fc.Arbitrary<infer Value> ? Value : never;
type Rows = Valued<typeof rows>;
type Parameters = Valued<typeof parameters>;

const V1_ONLY = [
  "enable_prefix_caching",
  "scheduling_policy",
  "long_prefill_token_threshold",
  "watermark",
  "scheduler_reserve_full_isl",
];

function scenario(engine: EngineName, given: Rows, random: Parameters, debug: boolean): Scenario {
  const isV0 = engine.startsWith("vllm_v0");
  const own = Object.entries(random).filter(([key]) => key.startsWith("max_") || V1_ONLY.includes(key) !== isV0);
  const shared: Record<string, unknown> = {
    ...Object.fromEntries(own),
    block_size: BLOCK_TOKENS,
    num_gpu_blocks: BLOCKS + 1,
  };
  if (engine === "vllm_v0" || engine === "orca_iteration") shared.max_num_batched_tokens = 200;
  if (engine === "orca_iteration" || engine === "sarathi_serve") delete shared.enable_prefix_caching;
  // Groups share the first 8 tokens of every 12: three blocks of four, of which two are equal.
  const offsets = Int32Array.from({ length: given.length + 1 }, (_, row) => 2 * row);
  const ids = Int32Array.from(given.flatMap(({ group }) => [2 * group, 2 * group + 1]));
  return { engine, parameters: shared, rows: given, debug, trace: { prefixBlocks: { blockTokens: 4, offsets, ids } } };
}

/** Undefined if these requests preempt one another for ever, which the rules of V1 allow under priorities. */
function served(given: Scenario): RunRecord | undefined {
  try {
    return serve(given);
  } catch (error) {
    if (error instanceof SimulationError && error.message.startsWith("E_LIVELOCK")) return undefined;
    throw error;
  }
}

const engines = ["vllm_v1", "vllm_v0_chunked", "vllm_v0", "orca_iteration", "sarathi_serve"] as const;

describe.each(engines)("%s", (engine) => {
  test("gives every request its tokens, within its budgets, and all blocks back", () => {
    fc.assert(
      fc.property(rows, parameters, (given, random) => {
        const record = served(scenario(engine, given, random, true));
        if (record === undefined) return;
        const passes = record.passLogs?.[0].rows ?? [];
        const budget = scenario(engine, given, random, true).parameters.max_num_batched_tokens as number;
        for (const { requests, tokens, totalTokens, freeBlocks, running } of passes) {
          expect(totalTokens).toBeLessThanOrEqual(budget);
          expect(tokens.reduce((sum, count) => sum + count, 0)).toBe(totalTokens);
          expect(Math.min(...tokens)).toBeGreaterThan(0);
          expect(new Set(requests).size).toBe(requests.length);
          expect(running.length).toBeLessThanOrEqual(random.max_num_seqs);
          expect(freeBlocks).toBeGreaterThanOrEqual(0);
        }
        const usable = engine.startsWith("vllm_v0") ? BLOCKS + 1 : BLOCKS;
        expect(passes.at(-1)).toMatchObject({ freeBlocks: usable, running: [], waiting: [] });
        expect(record.completionOrder.length).toBe(given.length);
        given.forEach(({ output }, row) => {
          expect(passes.filter(({ emitted }) => emitted.includes(row)).length).toBe(output);
        });
        expect(record.tokenGaps.count).toBe(given.reduce((sum, { output }) => sum + output - 1, 0));
        if (random.token_visibility === "same_pass") {
          const { completionSeconds, prefillEndSeconds } = record.outcomes;
          const decoding = given.reduce((sum, _, row) => sum + completionSeconds[row] - prefillEndSeconds[row], 0);
          expect(record.tokenGaps.seconds).toBeCloseTo(decoding, 6);
        }
        const preempted = passes.flatMap((pass) => pass.preempted).length;
        expect(record.outcomes.preemptions?.reduce((sum, count) => sum + count, 0)).toBe(preempted);
      }),
      { numRuns: 150 },
    );
  });

  test("serves alike pass by pass and in stretches", () => {
    fc.assert(
      fc.property(rows, parameters, (given, random) => {
        const single = served(scenario(engine, given, random, true));
        const stretch = served(scenario(engine, given, random, false));
        expect(stretch?.outcomes).toEqual(single?.outcomes);
        expect(stretch?.completionOrder).toEqual(single?.completionOrder);
        expect(stretch?.counts.iterations).toBe(single?.counts.iterations);
        expect(stretch?.instances[0].busySeconds).toBe(single?.instances[0].busySeconds);
      }),
      { numRuns: 200 },
    );
  });

  test.each(["kv_round_robin", "kv_token_jsq"])("computes prompts here and outputs there under %s", (scheduler) => {
    fc.assert(
      fc.property(rows, parameters, (given, random) => {
        const split = {
          ...scenario(engine, given, { ...random, token_visibility: "same_pass" }, true),
          scheduler,
          servers: [
            { sku: "node", count: 1 },
            { sku: "big-node", count: 1 },
          ],
          startState: { state_type: "splitwise" as const },
        };
        const record = served(split);
        if (record === undefined) return;
        expect(record.completionOrder.length).toBe(given.length);
        const usable = engine.startsWith("vllm_v0") ? BLOCKS + 1 : BLOCKS;
        for (const { rows: passes } of record.passLogs ?? []) {
          expect(passes.at(-1)?.freeBlocks).toBeGreaterThanOrEqual(0);
          expect(passes.at(-1)?.freeBlocks).toBeLessThanOrEqual(usable);
        }
        const emitted = (record.passLogs ?? []).flatMap(({ rows: passes }) => passes.flatMap((pass) => pass.emitted));
        given.forEach(({ output }, row) => {
          expect(emitted.filter((request) => request === row).length).toBe(output);
        });
      }),
      { numRuns: 60 },
    );
  });
});
