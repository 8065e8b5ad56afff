import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { simulate } from "../../../src/sim/simulation.ts";
import { ProcessorGroup } from "../../../src/sim/swapping/processor-group.ts";
import { INEXACT_TIMES, inputsOf } from "../inputs.ts";
import { type Scenario, swap, total } from "./scenario.ts";

const MODELS = 4;

const rows = fc.array(
  fc.record({
    arrival: fc.integer({ min: 0, max: 640 }).map((count) => count / 64),
    prompt: fc.integer({ min: 1, max: 60 }),
    output: fc.integer({ min: 1, max: 40 }),
    application: fc.integer({ min: 0, max: MODELS - 1 }),
  }),
  { minLength: 1, maxLength: 25 },
);

const EVICTIONS = ["lru", "lfu", "fifo", "size", "cost", "ttl", "hist", "belady"];
const ORDERS = ["fcfs", "batch_before_swap", "edf", "longest_queue", "round_robin", "cost_aware"];
const eviction = fc.oneof(
  fc.constantFrom(...EVICTIONS),
  fc.constantFrom(0, 0.5, 3).map((keep_alive) => ({ _target_: "evictions.Ttl", keep_alive })),
);

/** Memory of a processor is enough for every model alone with its longest request, and rarely for two. */
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  weights: fc.array(fc.integer({ min: 100, max: 800 }), { minLength: MODELS, maxLength: MODELS }),
  rows,
  processors: fc.integer({ min: 1, max: 3 }),
  eviction,
  order: fc.constantFrom(...ORDERS),
  placement: fc.constantFrom("fastest_start", "least_loaded", "static", "greedy"),
  trigger: fc.constantFrom(
    "on_demand",
    "prefetch",
    { _target_: "load_triggers.Prefetch", by: "oracle", spare_share: 0.1 },
    { _target_: "load_triggers.Prefetch", by: "idle_times", spare_share: 0 },
  ),
  sharing: fc.constantFrom("fair" as const, "fifo" as const, "priority" as const),
  scheduler: fc.constantFrom("jsq", "token_jsq", "round_robin", "random"),
  times: fc.constant(INEXACT_TIMES),
  layers: fc.constantFrom(1, 4),
  instance: fc.record({
    instance_type: fc.constantFrom("ORCA" as const, "Splitwise" as const),
    max_batch_size: fc.constantFrom(1, 3, 256),
  }),
  swapping: fc.record({
    preemption: fc.constantFrom("none" as const, "keep" as const, "move" as const, "drop" as const),
    preempt_after: fc.constantFrom(0.5, 5),
    turn_iterations: fc.constantFrom(1, 4),
    layer_pipelining: fc.boolean(),
    max_replicas: fc.constantFrom(1, 2),
    replica_queue: fc.constantFrom(null, 2),
  }),
  overheads: fc.record({
    unload: fc.constantFrom(0, 0.1),
    attach: fc.constantFrom(0, 0.2),
    first_request_warmup: fc.constantFrom(0, 0.3),
  }),
});

afterEach(() => vi.restoreAllMocks());

describe("models that are swapped, whatever the policies", () => {
  test("are served: every request once, its times in order, its wait for the model known", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { outcomes, trace, completionOrder, unfinishedReasons, swapping } = swap(scenario);
        expect(unfinishedReasons).toEqual([]);
        expect([...completionOrder].sort((a, b) => a - b)).toEqual(scenario.rows.map((_, row) => row));
        scenario.rows.forEach((_, row) => {
          const taken = trace.arrivalSeconds[row] + swapping.swapWaitSeconds[row];
          const times = [
            trace.arrivalSeconds[row],
            Math.min(taken, outcomes.prefillStartSeconds[row]),
            outcomes.prefillStartSeconds[row],
            outcomes.prefillEndSeconds[row],
            outcomes.decodeStartSeconds[row],
            outcomes.completionSeconds[row],
          ].filter((seconds) => !Number.isNaN(seconds));
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(taken - outcomes.prefillStartSeconds[row]).toBeLessThan(1e-9);
        });
        expect(total(swapping.models, "requests")).toBe(scenario.rows.length);
      }),
      { numRuns: 200 },
    );
  });

  test("never have more memory than there is, and what is committed is what they have", () => {
    const commit = ProcessorGroup.prototype.commit;
    const groups = new Set<ProcessorGroup>();
    vi.spyOn(ProcessorGroup.prototype, "commit").mockImplementation(function (this: ProcessorGroup, bytes) {
      commit.call(this, bytes);
      groups.add(this);
      if (this.committedBytes > this.capacityBytes) throw new Error(`${this.committedBytes} of ${this.capacityBytes}`);
    });
    fc.assert(
      fc.property(scenarios, (scenario) => {
        groups.clear();
        swap(scenario);
        for (const group of groups) {
          let bytes = 0;
          for (const { share } of group.present)
            bytes += share.weightBytes + Math.max(share.kvBytes, share.reservedKvBytes);
          expect(group.committedBytes).toBe(bytes);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("are loaded once each where memory is enough for all", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const idle = { ...scenario, gpuBytes: 100_000, eviction: "lru", swapping: { max_replicas: 1 } };
        for (const { loads, evictions, requests } of swap(idle).swapping.models) {
          expect(loads).toBeLessThanOrEqual(1);
          if (requests > 0) expect(loads).toBe(1);
          expect(evictions).toBe(0);
        }
      }),
    );
  });

  test("give the same record again", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        expect(swap(scenario)).toEqual(swap(scenario));
      }),
      { numRuns: 50 },
    );
  });
});

test("one model that is there from the start is served as by the plain simulator", () => {
  fc.assert(
    fc.property(rows, fc.constantFrom("ORCA" as const, "Splitwise" as const), (all, instance_type) => {
      const own = all.map((row) => ({ ...row, application: 0 }));
      const shared = { rows: own, times: INEXACT_TIMES, gpuBytes: 500 };
      const swapped = swap({ ...shared, weights: [300], pinned: [0], instance: { instance_type, max_batch_size: 4 } });
      const plain = simulate(
        inputsOf({ ...shared, weightBytes: 300, scheduler: "jsq", instance: { instance_type, max_batch_size: 4 } }),
      );
      expect(swapped.outcomes).toEqual(plain.outcomes);
      expect(swapped.completionOrder).toEqual(plain.completionOrder);
      expect(swapped.instances[0].busySeconds).toBe(plain.instances[0].busySeconds);
      expect(swapped.tokenGaps).toEqual(plain.tokenGaps);
    }),
  );
});

test("swaps that cost nothing make several models one server, first come first served", () => {
  fc.assert(
    fc.property(rows, (all) => {
      // Equal arrivals of different models have no order of their own.
      const distinct = all.map((row, index) => ({ ...row, arrival: row.arrival + index / 1024 }));
      const shared = { gpuBytes: 400, instance: { instance_type: "ORCA" as const, max_batch_size: 1 } };
      const weights = Array.from({ length: MODELS }, () => 300);
      const swapped = swap({ ...shared, rows: distinct, weights, bandwidth: 1e30 });
      const one = distinct.map((row) => ({ ...row, application: 0 }));
      const plain = simulate(inputsOf({ ...shared, rows: one, weightBytes: 300, scheduler: "jsq" }));
      distinct.forEach((_, row) => {
        expect(swapped.outcomes.completionSeconds[row]).toBeCloseTo(plain.outcomes.completionSeconds[row], 9);
      });
    }),
  );
});

test("no policy has fewer misses than the oracle, for models of one size and one request at a time", () => {
  const accesses = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 5, maxLength: 40 });
  const misses = (applications: readonly number[], policy: string) => {
    const requests = applications.map((application, index) => ({ arrival: index, prompt: 1, output: 1, application }));
    const { models } = swap({
      rows: requests,
      weights: [300, 300, 300, 300, 300, 300],
      eviction: policy,
      bandwidth: 1e6,
    }).swapping;
    return total(models, "requests") - total(models, "hits");
  };
  fc.assert(
    fc.property(accesses, fc.constantFrom("lru", "lfu", "fifo", "size", "cost"), (applications, policy) => {
      expect(misses(applications, "belady")).toBeLessThanOrEqual(misses(applications, policy));
    }),
  );
});
