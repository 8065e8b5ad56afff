import { describe, expect, it } from "vitest";
import { METRICS, runMetrics } from "../../src/results/metrics.ts";
import { requestTables } from "../../src/results/request-table.ts";
import type { RunRecord } from "../../src/sim/recorder.ts";
import { runRecord } from "./run-record.ts";

const metricsOf = (record: RunRecord) => runMetrics(record, requestTables(record));

describe("the metrics of a run", () => {
  const instances = [
    { id: 0, applicationId: 0, processorName: "h100-80gb", tag: null, busySeconds: 2 },
    { id: 1, applicationId: 0, processorName: "h100-80gb", tag: null, busySeconds: 6 },
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
