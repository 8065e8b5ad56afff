import { describe, expect, it } from "vitest";
import { METRICS, runMetrics } from "../../src/results/metrics.ts";
import { requestTables } from "../../src/results/request-table.ts";
import type { RunRecord } from "../../src/sim/recorder.ts";
import { runRecord } from "./run-record.ts";

const metricsOf = (record: RunRecord) => runMetrics(record, requestTables(record));

describe("the metrics of a run", () => {
  const instances = [
    {
      id: 0,
      applicationId: 0,
      processorName: "h100-80gb",
      processors: 1,
      tag: null,
      memoryBytes: 64e9,
      busySeconds: 2,
    },
    {
      id: 1,
      applicationId: 0,
      processorName: "h100-80gb",
      processors: 1,
      tag: null,
      memoryBytes: 64e9,
      busySeconds: 6,
    },
  ];
  const requests = [
    { arrival: 2, prefill: [3, 4], decode: [4, 8], completion: 8, promptTokens: 30, outputTokens: 5 },
    { arrival: 4, prefill: [4, 5], decode: [5, 6], completion: 6, promptTokens: 50, outputTokens: 3 },
    { arrival: 5 },
  ] as const;

  it("follow from the outcomes of the requests (worked by hand)", () => {
    expect(metricsOf(runRecord({ requests, instances, endSeconds: 8 }))).toMatchObject({
      requests: 3,
      completed: 2,
      unfinished: 1,
      simulated_seconds: 8,
      requests_per_second: 2 / 6,
      output_tokens_per_second: 8 / 6,
      total_tokens_per_second: 88 / 6,
      ttft_mean: 1.5,
      ttft_p50: 1.5,
      tbt_mean: 0.75,
      e2e_mean: 4,
      queue_mean: 0.5,
      utilisation: 0.5,
      utilisation_min: 0.25,
      utilisation_max: 0.75,
      instances: 2,
      events: 7,
      iterations: 3,
    });
  });

  it("leave requests of one token out of TBT, as vLLM's TPOT does, unless it is divided by tokens", () => {
    const single = { arrival: 2, prefill: [2, 4], completion: 4, outputTokens: 1 } as const;
    const metrics = metricsOf(runRecord({ requests: [...requests, single], instances }));
    expect(metrics).toMatchObject({ tbt_mean: 0.75, tbt_p50: 0.75, ttft_mean: (2 + 1 + 2) / 3 });
    const byTokens = metricsOf(runRecord({ requests: [...requests, single], instances, tbtDivisor: "tokens" }));
    expect(byTokens.tbt_mean).toBeCloseTo((4 / 5 + 1 / 3 + 0) / 3, 12);
    expect(metricsOf(runRecord({ requests: [single] }))).toMatchObject({ tbt_mean: null, itl_mean: null });
  });

  it("weigh every gap alike in the mean ITL, every request alike in the mean TBT", () => {
    // 4 gaps of 1 s and 2 of 0.5 s.
    expect(metricsOf(runRecord({ requests }))).toMatchObject({ itl_mean: 5 / 6, tbt_mean: 0.75 });
  });

  it("have TTFT up to the arrival of the KV cache, too, where it travels", () => {
    const [first, second] = requests;
    const metrics = metricsOf(runRecord({ requests: [{ ...first, transfer: [4, 6] }, second] }));
    expect(metrics).toMatchObject({ ttft_mean: 1.5, ttft_transferred_mean: (4 + 1) / 2, ttft_transferred_p50: 2.5 });
    expect(metricsOf(runRecord({ requests }))).toMatchObject({ ttft_transferred_mean: 1.5 });
  });

  it("take the first token from where an engine says that it came later than the prefill's end", () => {
    const record = runRecord({ requests });
    const outcomes = { ...record.outcomes, firstTokenSeconds: Float64Array.of(5, 5.5, Number.NaN) };
    // The remaining tokens: 4 in 3 s and 2 in 0.5 s.
    expect(metricsOf({ ...record, outcomes })).toMatchObject({ ttft_mean: 2.25, tbt_mean: 0.5, itl_mean: 3.5 / 6 });
  });

  it("count preemptions and cached prompt tokens where engines record them", () => {
    const record = runRecord({ requests });
    const outcomes = {
      ...record.outcomes,
      preemptions: Int32Array.of(2, 0, 1),
      cachedPromptTokens: Int32Array.of(10, 30, 100),
    };
    expect(metricsOf({ ...record, outcomes })).toMatchObject({ preemptions: 3, cache_hit_rate: 40 / 80 });
    expect(metricsOf(record)).toMatchObject({ preemptions: null, cache_hit_rate: null });
  });

  it("are the declared ones, in the declared order", () => {
    const names = Object.keys(metricsOf(runRecord({ requests })));
    expect(names).toEqual(METRICS.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    for (const { name, unit, doc } of METRICS) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(unit).not.toBe("");
      expect(doc.length).toBeGreaterThan(10);
    }
  });

  it("are null, not NaN, where nothing was completed or there is no instance", () => {
    const metrics = metricsOf(runRecord({ requests: [{ arrival: 1 }], instances: [], endSeconds: 0 }));
    expect(metrics).toMatchObject({
      completed: 0,
      requests_per_second: null,
      ttft_mean: null,
      utilisation: null,
      utilisation_min: null,
    });
  });

  it("pool the requests of several applications", () => {
    const one = metricsOf(runRecord({ requests }));
    const two = metricsOf(runRecord({ requests: requests.map((request, i) => ({ ...request, applicationId: i })) }));
    expect(two).toEqual(one);
  });
});
