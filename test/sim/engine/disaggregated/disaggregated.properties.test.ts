import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadMilpSolver } from "../../../../src/inputs/milp-solver.ts";
import type { RunRecord } from "../../../../src/sim/recorder.ts";
import { simulate } from "../../../../src/sim/simulation.ts";
import { observeMemory } from "../../observe-memory.ts";
import { type Scenario, scenarioInputs } from "./scenario.ts";

const rows = fc.array(
  fc.record({
    arrival: fc.integer({ min: 0, max: 256 }).map((count) => count / 64),
    prompt: fc.integer({ min: 1, max: 60 }),
    output: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 20 },
);

/** Small enough that batches outgrow the memory, large enough for any request alone. */
const engine = fc.record({
  prefill_batch_tokens: fc.constantFrom(0, 50),
  prefill_memory: fc.constantFrom("held" as const, "ignored" as const),
  block_tokens: fc.constantFrom(1, 4),
  admission: fc.constantFrom("reserve" as const, "overshoot" as const),
  victims: fc.constantFrom("last_in", "first_in", "shortest", "longest", "all") as fc.Arbitrary<
    "last_in" | "first_in" | "shortest" | "longest" | "all"
  >,
  eviction: fc.constantFrom("recompute" as const, "swap" as const, "free" as const),
  first_token: fc.constantFrom("prefill" as const, "decode" as const),
  transfer_overlap: fc.constantFrom("none" as const, "layer_wise" as const),
});

const GLOBAL = ["round_robin", "random", "lowest_load", "power_of_two", "jsq", "token_jsq"];
const LOCAL = ["fcfs", "shortest", "hrrn", "edf", "priority", "random", "moore_hodgson", "milp"];
const milpSolver = await loadMilpSolver();

const simulated = (scenario: Scenario) => simulate({ ...scenarioInputs(scenario), milpSolver });

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  rows,
  engine,
  policies: fc.record({
    prefill_global: fc.constantFrom(...GLOBAL),
    decode_global: fc.constantFrom("round_robin", "random", "lowest_load", "power_of_two", "jsq", "token_jsq"),
    prefill_local: fc.constantFrom(...LOCAL),
    decode_local: fc.constantFrom(...LOCAL),
  }),
  binding: fc.constantFrom("arrival" as const, "prefill_end" as const, "transfer_end" as const),
  sharedLinks: fc.boolean(),
  gpuBytes: fc.constantFrom(104, 150, 10_000),
  prefillInstances: fc.integer({ min: 1, max: 2 }),
  decodeInstances: fc.integer({ min: 1, max: 2 }),
});

/** Busy times and iterations are sums of other stretches, so they may round differently. */
function seenOf({ outcomes, completionOrder, instances, endSeconds }: RunRecord) {
  return { outcomes, completionOrder, endSeconds, instances: instances.map(({ busySeconds: _, ...rest }) => rest) };
}

describe("engine=disaggregated", () => {
  test("serves every request once, in the order of its tasks, whatever the policies and the memory", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const record = simulated(scenario);
        expect(record.unfinishedReasons).toEqual([]);
        expect([...record.completionOrder].sort((a, b) => a - b)).toEqual(scenario.rows.map((_, row) => row));
        const { outcomes, trace } = record;
        scenario.rows.forEach((_, row) => {
          const times = [
            trace.arrivalSeconds[row],
            outcomes.prefillStartSeconds[row],
            outcomes.prefillEndSeconds[row],
            outcomes.transferEndSeconds[row],
            outcomes.decodeStartSeconds[row],
            outcomes.completionSeconds[row],
          ].filter((seconds) => !Number.isNaN(seconds));
          expect(times).toEqual([...times].sort((a, b) => a - b));
        });
      }),
      { numRuns: 300 },
    );
  });

  test("never has more KV caches than memory, if requests join only where they fit, and none in the end", () => {
    fc.assert(
      fc.property(scenarios, (given) => {
        const engine = { ...given.engine, admission: "reserve" as const, block_tokens: 1 };
        const { result, violations, leftBytes } = observeMemory(0, () => simulated({ ...given, engine }));
        expect(violations).toEqual([]);
        expect(leftBytes.every((bytes) => bytes === 0)).toBe(true);
        expect(result.completionOrder.length).toBe(given.rows.length);
      }),
      { numRuns: 200 },
    );
  });

  test("gives the same outcomes to the last bit whether it jumps over iterations or takes them singly, unless a policy looks at memory", () => {
    fc.assert(
      fc.property(scenarios, (given) => {
        // Policies that look at memory see it as of the last event.
        const looksAtMemory = ["lowest_load", "power_of_two"].includes(given.policies?.decode_global ?? "lowest_load");
        const scenario = looksAtMemory ? { ...given, policies: { ...given.policies, decode_global: "jsq" } } : given;
        const single = simulated({ ...scenario, engine: { ...scenario.engine, stepping: "single" } });
        expect(seenOf(simulated(scenario))).toEqual(seenOf(single));
      }),
      { numRuns: 300 },
    );
  });

  test("gives the same bytes again, random policies included", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        expect(simulated(scenario)).toEqual(simulated(scenario));
      }),
      { numRuns: 50 },
    );
  });

  test("counts the evictions of a batch that outgrows the memory, and none if it never does", () => {
    const rows = Array.from({ length: 4 }, () => ({ arrival: 0, prompt: 40, output: 40 }));
    const small = simulated({ rows, gpuBytes: 104, engine: { prefill_memory: "ignored" } });
    expect(small.outcomes.preemptions?.reduce((sum, count) => sum + count)).toBeGreaterThan(0);
    expect(simulated({ rows, gpuBytes: 10_000 }).outcomes.preemptions).toBeUndefined();
  });

  test("a KV cache that travels layer by layer arrives no later than one that waits for its prefill", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const arrivals = (overlap: "none" | "layer_wise") =>
          simulated({ rows: given, engine: { transfer_overlap: overlap } }).outcomes.transferEndSeconds;
        const [after, during] = [arrivals("none"), arrivals("layer_wise")];
        given.forEach((_, row) => {
          if (!Number.isNaN(after[row])) expect(during[row]).toBeLessThanOrEqual(after[row]);
        });
      }),
      { numRuns: 50 },
    );
  });

  test("holds prompts back while KV caches that are not sent yet fill the memory of a prefill instance", () => {
    const given = [0, 0, 0].map((arrival) => ({ arrival, prompt: 60, output: 2 }));
    const ends = (prefill_memory: "held" | "ignored") =>
      simulated({ rows: given, gpuBytes: 70, engine: { prefill_memory, prefill_batch_tokens: 0 } }).outcomes
        .prefillEndSeconds;
    expect(ends("held")[2]).toBeGreaterThan(ends("ignored")[2]);
  });

  test("refuses requests that no instance can hold, all at once, before the first event", () => {
    const rows = [30, 500, 20, 600].map((prompt) => ({ arrival: 0, prompt, output: 5 }));
    expect(() => simulated({ rows, gpuBytes: 100 })).toThrowError(/2 requests can never be served .*: 1, 3\./);
  });
});
