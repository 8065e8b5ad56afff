import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ContinuousBatchingParameters } from "../../../src/sim/engine/engine.schema.ts";
import type { RunRecord } from "../../../src/sim/recorder.ts";
import { EXACT_TIMES, INEXACT_TIMES, inputsOf, run } from "../inputs.ts";
import { type ReferenceSettings, serve } from "./reference-instance.ts";

const limits = fc.record({
  kind: fc.constantFrom("ORCA" as const, "Splitwise" as const),
  maxBatchSize: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(512)),
  maxBatchTokens: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(2048)),
  maxPreemptions: fc.integer({ min: 0, max: 5 }),
  memoryBytes: fc.oneof(fc.integer({ min: 60, max: 200 }), fc.constant(1e6)),
  curves: fc.constantFrom(EXACT_TIMES, INEXACT_TIMES),
});

/** Arrivals on a grid meet often: each other, and ends of iterations. */
const arrival = fc.oneof(
  fc.integer({ min: 1, max: 128 }).map((count) => count / 64),
  fc.double({ min: 0.01, max: 2, noNaN: true }),
);
/** Prefills of multiples of 16 tokens end on the same grid. */
const prompt = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(16, 32));
const requestsFrom = (leastOutput: number) =>
  fc.array(fc.record({ arrival, prompt, output: fc.integer({ min: leastOutput, max: 20 }) }), {
    minLength: 1,
    maxLength: 14,
    size: "max",
  });
/** A decode of no tokens at all is undefined in SplitwiseSim. */
const requests = requestsFrom(2);

function simulated(rows: readonly { arrival: number; prompt: number; output: number }[], given: ReferenceSettings) {
  return run({
    rows,
    settings: given.eventOrder === "heapq" ? "splitwise" : "default",
    gpuBytes: given.memoryBytes,
    times: given.curves,
    debug: true,
    engine: {
      admission: given.admission,
      decode_submission: given.decodeSubmission,
      ageing: given.ageing,
      interruption: given.interruption,
    },
    instance: {
      instance_type: given.kind,
      max_batch_size: given.maxBatchSize,
      max_batch_tokens: given.maxBatchTokens,
      max_preemptions: given.maxPreemptions,
    },
  });
}

function comparable({ outcomes, completionOrder, instances, counts, endSeconds, instanceLogs, trace }: RunRecord) {
  const pairs = (starts: Float64Array, ends: Float64Array) =>
    Array.from({ length: trace.count }, (_, row) => [starts[row], ends[row]]);
  return {
    prefill: pairs(outcomes.prefillStartSeconds, outcomes.prefillEndSeconds),
    decode: pairs(outcomes.decodeStartSeconds, outcomes.decodeEndSeconds),
    completionOrder: [...completionOrder],
    busySeconds: instances[0].busySeconds,
    iterations: counts.iterations,
    endSeconds,
    log: instanceLogs[0]?.rows ?? [],
  };
}

function shipped(settings: "default" | "splitwise") {
  const { engine: parameters, simulation } = inputsOf({ settings }).config;
  const engine = parameters as ContinuousBatchingParameters;
  return {
    eventOrder: simulation.event_order as "sequence" | "heapq",
    admission: engine.admission,
    decodeSubmission: engine.decode_submission,
    ageing: engine.ageing,
    interruption: engine.interruption,
  };
}

describe("an instance gives the doubles of the plain reference, its log included", () => {
  function agrees(rows: Parameters<typeof serve>[0], given: ReferenceSettings): void {
    expect(comparable(simulated(rows, given))).toEqual(serve(rows, given));
  }

  test("with SplitwiseSim's settings", () => {
    fc.assert(
      fc.property(requests, limits, (rows, given) => agrees(rows, { ...given, ...shipped("splitwise") })),
      { numRuns: 500 },
    );
  });

  test("with the default settings", () => {
    fc.assert(
      fc.property(requestsFrom(1), limits, (rows, given) => agrees(rows, { ...given, ...shipped("default") })),
      { numRuns: 500 },
    );
  });

  test("with any mixture of the two", () => {
    const mixture = fc.record({
      eventOrder: fc.constantFrom("sequence" as const, "heapq" as const),
      admission: fc.constantFrom("request" as const, "task" as const),
      decodeSubmission: fc.constantFrom("after_prefill" as const, "with_prefill" as const),
      ageing: fc.constantFrom("preemptions" as const, "waited_starts" as const),
      interruption: fc.constantFrom("any_prefill" as const, "within_budget" as const),
    });
    fc.assert(
      fc.property(requests, limits, mixture, (rows, given, mixed) => agrees(rows, { ...given, ...mixed })),
      { numRuns: 500 },
    );
  });
});
