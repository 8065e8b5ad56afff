import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunRecord } from "../../src/sim/recorder.ts";
import { EXACT_TIMES, INEXACT_TIMES, run, type Setting } from "./inputs.ts";
import { observeMemory } from "./observe-memory.ts";

const WEIGHTS = 1000;
const GIBIBYTE = 2 ** 30;

/** Arrivals on a grid meet each other and ends of iterations. */
const arrival = fc.oneof(
  fc.integer({ min: 1, max: 192 }).map((count) => count / 64),
  fc.double({ min: 0.01, max: 3, noNaN: true }),
);
const rowsFrom = (leastOutput: number) =>
  fc.array(
    fc.record({
      arrival,
      prompt: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(16, 32)),
      output: fc.integer({ min: leastOutput, max: 20 }),
      batchSize: fc.constantFrom(1, 1, 1, 2),
    }),
    { maxLength: 25, size: "max" },
  );

const instance = fc.record({
  instance_type: fc.constantFrom("ORCA" as const, "Splitwise" as const),
  max_batch_size: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(512)),
  max_batch_tokens: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(2048)),
  max_preemptions: fc.integer({ min: 0, max: 4 }),
});

/** Pools by SKU, or by the number of servers. */
const pools = fc.constantFrom(
  { state_type: "splitwise_1_1", split_type: "heterogeneous" as const },
  { state_type: "splitwise_1_1", split_type: "homogeneous" as const },
  { state_type: "splitwisehhcap_1_1", split_type: "homogeneous" as const },
);

const poolServers = fc
  .record({ nodes: fc.integer({ min: 1, max: 2 }), bigNodes: fc.integer({ min: 1, max: 2 }) })
  .map(({ nodes, bigNodes }) => [
    { sku: "node", count: nodes },
    { sku: "big-node", count: bigNodes },
  ]);

/** Schedulers that never transfer, on every start state. */
const mixed = fc
  .record({
    scheduler: fc.constantFrom("round_robin", "random", "jsq", "token_jsq"),
    where: fc.oneof(
      fc.record({
        servers: fc.array(
          fc.record({ sku: fc.constantFrom("node", "pair", "big-node"), count: fc.integer({ min: 1, max: 2 }) }),
          { minLength: 1, maxLength: 2 },
        ),
        startState: fc.constantFrom({ state_type: "baseline" }, { state_type: "orca" }),
      }),
      fc.record({ servers: poolServers, startState: pools }),
    ),
  })
  .map(({ scheduler, where }) => ({ scheduler, ...where }));

const split = fc
  .record({
    scheduler: fc.constantFrom(
      "kv_round_robin",
      "kv_jsq",
      "overlap_kv_jsq",
      "kv_token_jsq",
      "overlap_kv_token_jsq",
      "mixed_pool",
    ),
    transfer_bandwidth: fc.constantFrom(200, 100 / GIBIBYTE),
    servers: poolServers,
    startState: pools,
    kvLinks: fc.constantFrom(
      { _target_: "kv_links.Private" as const, latency: 0 },
      { _target_: "kv_links.Private" as const, latency: 0.1 },
      { _target_: "kv_links.MaxMin" as const, latency: 0, bandwidth: 50 / GIBIBYTE },
      { _target_: "kv_links.MaxMin" as const, latency: 0.125, bandwidth: 120 / GIBIBYTE },
    ),
  })
  .map(({ transfer_bandwidth, ...more }) => ({
    ...more,
    // Few pending tokens, so that the mixed pool gets instances.
    applications: [{ scheduler_parameters: { transfer_bandwidth, prompt_max_pending_batch_tokens: 40 } }],
  }));

const common = {
  instance,
  // The largest request has 2 x (40 + 20) tokens, so each fits every instance.
  gpuBytes: fc.oneof(fc.integer({ min: WEIGHTS + 120, max: WEIGHTS + 400 }), fc.constant(1e6)),
  times: fc.constantFrom(EXACT_TIMES, INEXACT_TIMES),
  seed: fc.nat(3),
};
const overheads = fc.record({
  routingDelay: fc.constantFrom(0, 0.125, 0.3),
  overheads: fc.record({
    submit_task: fc.constantFrom(0, 0.25, 0.1),
    submit_flow: fc.constantFrom(0, 0.5),
    finish_request: fc.constantFrom(0, 0.125, 0.01),
  }),
});
const instanceOverheads = fc.record({
  overheads: fc.record({ spin_up: fc.constantFrom(0, 0, 0.75, 1.1) }),
  instance_overheads: fc.record({ run: fc.constantFrom(0, 0, 0.125, 0.03), preempt: fc.constantFrom(0, 0.25, 0.07) }),
});

const EACH_OTHER = /wait for KV-cache transfers to instances that never have room for them: request \d+ on/;

function settingFrom(cluster: fc.Arbitrary<Partial<Setting>>, leastOutput: number): fc.Arbitrary<Setting> {
  return fc
    .tuple(cluster, fc.record({ ...common, rows: rowsFrom(leastOutput) }), overheads, instanceOverheads)
    .map(([where, what, delays, allocator_parameters]) => ({
      ...what,
      ...where,
      ...delays,
      applications: [{ ...where.applications?.[0], allocator_parameters }],
      weightBytes: WEIGHTS,
      debug: true,
    }));
}

/** The same with instances that run whole tasks, one at a time. */
function wholeTasks(settings: fc.Arbitrary<Setting>): fc.Arbitrary<Setting> {
  return settings.map((setting) => ({
    ...setting,
    instance: { instance_type: "DEFAULT" as const },
    constant: { prompt_time: 0.125, token_time: 0.7 },
  }));
}

function checkConservation({ trace, outcomes, completionOrder, unfinishedReasons }: RunRecord): void {
  const completed = Array.from({ length: trace.count }, (_, row) => row).filter(
    (row) => !Number.isNaN(outcomes.completionSeconds[row]),
  );
  expect([...completionOrder].sort((a, b) => a - b)).toEqual(completed);
  expect(unfinishedReasons.length > 0).toBe(completed.length < trace.count);
  const times = [...completionOrder].map((row) => outcomes.completionSeconds[row]);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

/** Every request goes through its stages in order; a later stage implies all earlier ones. */
function checkStages({ trace, outcomes, endSeconds }: RunRecord): void {
  for (let row = 0; row < trace.count; row++) {
    const isSplit = outcomes.prefillInstance[row] !== outcomes.decodeInstance[row];
    const hasDecode = !Number.isNaN(outcomes.decodeStartSeconds[row]) || trace.outputTokens[row] > 1;
    const stages = [
      trace.arrivalSeconds[row] <= endSeconds ? trace.arrivalSeconds[row] : Number.NaN,
      outcomes.prefillStartSeconds[row],
      outcomes.prefillEndSeconds[row],
      ...(isSplit && hasDecode ? [outcomes.transferStartSeconds[row], outcomes.transferEndSeconds[row]] : []),
      ...(hasDecode ? [outcomes.decodeStartSeconds[row], outcomes.decodeEndSeconds[row]] : []),
      outcomes.completionSeconds[row],
    ];
    const reached = stages.findIndex(Number.isNaN);
    const happened = reached < 0 ? stages : stages.slice(0, reached);
    expect(stages.slice(happened.length).every(Number.isNaN)).toBe(true);
    expect(happened).toEqual(happened.toSorted((a, b) => a - b));
    if (happened.length > 0) expect(happened[0]).toBe(trace.arrivalSeconds[row]);
    expect(Math.max(0, ...happened)).toBeLessThanOrEqual(endSeconds);
    if (happened.length > 2) expect(stages[2]).toBeGreaterThan(stages[1]);
  }
}

/** Ends of stretches are exact; their starts are computed back from them, so they may be off by a rounding. */
const ROUNDING = 1e-9;

function checkInstances({ instanceLogs, instances, endSeconds }: RunRecord): void {
  for (const { rows } of instanceLogs) {
    rows.forEach((row, index) => {
      expect(row.iterationEndSeconds).toBeGreaterThanOrEqual(row.iterationStartSeconds);
      expect(row.batchSize).toBeGreaterThan(0);
      if (index > 0) {
        expect(row.iterationStartSeconds).toBeGreaterThanOrEqual(rows[index - 1].iterationEndSeconds - ROUNDING);
      }
    });
  }
  for (const { busySeconds } of instances) {
    expect(busySeconds).toBeGreaterThanOrEqual(0);
    expect(busySeconds).toBeLessThanOrEqual(endSeconds * (1 + 1e-12));
  }
}

/** Every output token but a request's first ends a gap, and a request's gaps add up to its time from first to last token. */
function checkGaps({ trace, outcomes, completionOrder, tokenGaps }: RunRecord): void {
  if (completionOrder.length < trace.count) return;
  let gaps = 0;
  let seconds = 0;
  for (let row = 0; row < trace.count; row++) {
    gaps += trace.outputTokens[row] - 1;
    if (trace.outputTokens[row] > 1) seconds += outcomes.decodeEndSeconds[row] - outcomes.prefillEndSeconds[row];
  }
  expect(tokenGaps.count).toBe(gaps);
  expect(Math.abs(tokenGaps.seconds - seconds)).toBeLessThan(1e-9 * (1 + seconds));
}

function check(setting: Setting): RunRecord {
  const { result, violations, leftBytes } = observeMemory(WEIGHTS, () => run(setting));
  expect(violations).toEqual([]);
  checkConservation(result);
  checkStages(result);
  checkInstances(result);
  checkGaps(result);
  if (result.completionOrder.length === result.trace.count) expect(leftBytes.every((bytes) => bytes === 0)).toBe(true);
  return result;
}

/** Transfers that wait for each other's memory, and prompts that wait for what those hold. */
function checkMutualWaiting(reasons: readonly string[]): void {
  if (reasons.length > 0) expect(reasons.some((reason) => EACH_OTHER.test(reason))).toBe(true);
  for (const reason of reasons) expect(reason).toMatch(new RegExp(`${EACH_OTHER.source}|^Instance .* is stuck`));
}

const RUNS = { numRuns: 250 };

/** A decode arrives a rounding before the first iteration of the stretch that it cuts, which begins after an overhead. */
const CUT_AS_OVERHEAD_ENDS: Setting = {
  scheduler: "round_robin",
  servers: [{ sku: "node", count: 1 }],
  startState: { state_type: "baseline" },
  instance: { instance_type: "ORCA", max_batch_size: 2, max_batch_tokens: 2048, max_preemptions: 0 },
  applications: [
    { allocator_parameters: { overheads: { spin_up: 0 }, instance_overheads: { run: 0.125, preempt: 0 } } },
  ],
  overheads: { submit_task: 0.25, submit_flow: 0, finish_request: 0 },
  routingDelay: 0.3,
  times: EXACT_TIMES,
  gpuBytes: 1_000_000,
  weightBytes: WEIGHTS,
  debug: true,
  rows: [
    { arrival: 0.2760165521527355, prompt: 16, output: 6 },
    { arrival: 0.671875, prompt: 14, output: 2 },
    { arrival: 0.6875, prompt: 16, output: 2 },
  ],
};

describe("with the default settings", () => {
  test("mixed batching: every request completes once, stages are in order, memory and instances are not overbooked", () => {
    fc.assert(
      fc.property(settingFrom(mixed, 1), (setting) => {
        const record = check(setting);
        expect(record.unfinishedReasons).toEqual([]);
      }),
      { ...RUNS, examples: [[CUT_AS_OVERHEAD_ENDS]] },
    );
  });

  test("with KV transfers: the same, but transfers in a mixed pool may wait for each other's memory", () => {
    fc.assert(
      fc.property(settingFrom(split, 1), (setting) => {
        const record = check(setting);
        if (setting.scheduler !== "mixed_pool") expect(record.unfinishedReasons).toEqual([]);
        checkMutualWaiting(record.unfinishedReasons);
      }),
      RUNS,
    );
  });

  test("instances that run whole tasks: the same, under every scheduler", () => {
    fc.assert(
      fc.property(wholeTasks(fc.oneof(settingFrom(mixed, 1), settingFrom(split, 1))), (setting) => {
        const record = check(setting);
        if (setting.scheduler !== "mixed_pool") expect(record.unfinishedReasons).toEqual([]);
        checkMutualWaiting(record.unfinishedReasons);
      }),
      RUNS,
    );
  });

  test("cut off anywhere: what had happened by then is as in the whole run", () => {
    fc.assert(
      fc.property(
        fc.oneof(settingFrom(mixed, 1), settingFrom(split, 1), wholeTasks(settingFrom(split, 1))),
        fc.double({ min: 0.1, max: 4, noNaN: true }),
        (setting, endTime) => {
          const whole = run(setting).outcomes;
          const record = check({ ...setting, endTime });
          expect(record.endSeconds).toBeLessThanOrEqual(endTime);
          for (const column of [
            "prefillStartSeconds",
            "prefillEndSeconds",
            "decodeEndSeconds",
            "completionSeconds",
          ] as const) {
            const expected = whole[column].map((time) => (time <= endTime ? time : Number.NaN));
            expect(record.outcomes[column]).toEqual(expected);
          }
        },
      ),
      RUNS,
    );
  });
});

describe("with SplitwiseSim's settings", () => {
  test("mixed batching: the same, but requests may be left over, and then the stuck instance is named", () => {
    fc.assert(
      fc.property(settingFrom(mixed, 2), (setting) => {
        const record = check({ ...setting, settings: "splitwise" });
        for (const reason of record.unfinishedReasons) expect(reason).toMatch(/^Instance (big-)?gpu_\d+ is stuck/);
      }),
      RUNS,
    );
  });

  test("with KV transfers: the same, and what is left over has a reason", () => {
    fc.assert(
      fc.property(settingFrom(split, 2), (setting) => {
        check({ ...setting, settings: "splitwise", endTime: 200 });
      }),
      RUNS,
    );
  });
});

test("the same inputs give the same record, whatever ran before", () => {
  const anySetting = fc.oneof(settingFrom(mixed, 2), settingFrom(split, 2));
  fc.assert(
    fc.property(anySetting, fc.constantFrom("default" as const, "splitwise" as const), (setting, settings) => {
      const given = { ...setting, settings, endTime: 100 };
      expect(run(given)).toEqual(run(given));
    }),
    { numRuns: 100 },
  );
});
