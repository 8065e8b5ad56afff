import { describe, expect, test } from "vitest";
import { createRandomStream } from "../../src/sim/kernel/random.ts";
import type { RunRecord } from "../../src/sim/recorder.ts";
import { batchMeans } from "./batch-means.ts";
import { run, type Setting } from "./inputs.ts";

// M/D/1: Poisson arrivals, one server, every service 1 s. Pollaczek and Khinchine: the mean wait is
// rho / (2 (1 - rho)) s at utilisation rho.

const REQUESTS = 120_000;

/** One output token, 1,024 prompt tokens: a service of exactly 1 s, with exponential gaps before each arrival. */
function poissonRows(perSecond: number, seed: number) {
  const stream = createRandomStream(seed, "queueing theory");
  let arrival = 0;
  return Array.from({ length: REQUESTS }, () => {
    arrival -= Math.log(1 - stream.uniform()) / perSecond;
    return { arrival, prompt: 1024, output: 1 };
  });
}

const SERVERS: readonly [name: string, setting: Setting][] = [
  ["whole tasks", { constant: { prompt_time: 1, token_time: 10 }, instance: { instance_type: "DEFAULT" } }],
  ["ORCA, batches of one", { instance: { instance_type: "ORCA", max_batch_size: 1 } }],
  ["Splitwise, batches of one prompt", { instance: { instance_type: "Splitwise", max_batch_tokens: 1024 } }],
];

function waits({ outcomes, trace }: RunRecord): Float64Array {
  return outcomes.prefillStartSeconds.map((start, row) => start - trace.arrivalSeconds[row]);
}

describe.each(SERVERS)("an instance of %s under Poisson arrivals", (_name, setting) => {
  test.each([0.3, 0.5, 0.8])("has the mean wait of M/D/1 at utilisation %d", (rho) => {
    const record = run({ ...setting, rows: poissonRows(rho, 1), endTime: 1e9 });
    const { mean, halfWidth } = batchMeans(waits(record));
    const expected = rho / (2 * (1 - rho));
    expect(halfWidth).toBeLessThan(0.1 * expected);
    expect(Math.abs(mean - expected)).toBeLessThan(halfWidth);
    expect(record.instances[0].busySeconds / record.endSeconds).toBeCloseTo(rho, 1);
  });

  // Lindley 1952: a request waits for what the one before it had to wait and be served, less the gap between them.
  test("lets every single request wait as Lindley's recursion says", () => {
    const rows = poissonRows(0.9, 2).slice(0, 5000);
    const simulated = waits(run({ ...setting, rows }));
    let wait = 0;
    rows.forEach(({ arrival }, row) => {
      if (row > 0) wait = Math.max(0, wait + 1 - (arrival - rows[row - 1].arrival));
      if (Math.abs(simulated[row] - wait) > 1e-6) expect(simulated[row]).toBe(wait);
    });
    expect(Math.max(...simulated)).toBeGreaterThan(5);
  });
});

// Little 1961: what is in a system on average is what enters per second times how long it stays. The left side is taken
// from the instances' logs, the right one from the requests' times.
test("Little's law: a long run's mean batch is the rate of requests times their time in batches", () => {
  const stream = createRandomStream(3, "little");
  const uniform = (least: number, most: number) => least + Math.floor(stream.uniform() * (most - least + 1));
  let arrival = 0;
  const rows = Array.from({ length: 20_000 }, () => {
    arrival -= Math.log(1 - stream.uniform()) / 3;
    return { arrival, prompt: uniform(1, 200), output: uniform(2, 60) };
  });
  const record = run({
    rows,
    scheduler: "jsq",
    servers: [{ sku: "node", count: 3 }],
    instance: { instance_type: "ORCA", max_batch_size: 6 },
    debug: true,
  });
  expect(record.unfinishedReasons).toEqual([]);
  let batchSeconds = 0;
  for (const { rows: stretches } of record.instanceLogs) {
    for (const { batchSize, iterationStartSeconds, iterationEndSeconds } of stretches) {
      batchSeconds += batchSize * (iterationEndSeconds - iterationStartSeconds);
    }
  }
  const { prefillStartSeconds, prefillEndSeconds, decodeStartSeconds, decodeEndSeconds } = record.outcomes;
  let inBatchSeconds = 0;
  for (let row = 0; row < rows.length; row++) {
    inBatchSeconds +=
      prefillEndSeconds[row] - prefillStartSeconds[row] + decodeEndSeconds[row] - decodeStartSeconds[row];
  }
  const requestsPerSecond = rows.length / record.endSeconds;
  expect(batchSeconds / record.endSeconds).toBeCloseTo(requestsPerSecond * (inBatchSeconds / rows.length), 6);
  expect(batchSeconds / record.endSeconds).toBeGreaterThan(3);
});
