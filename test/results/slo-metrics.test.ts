import { describe, expect, it } from "vitest";
import { servedSpanSeconds } from "../../src/results/metrics.ts";
import { requestTables } from "../../src/results/request-table.ts";
import { SLO_METRICS, type SloInput, sloMetrics } from "../../src/results/slo-metrics.ts";
import { runRecord, type TestRequest } from "./run-record.ts";

const LIMITS = { p50: 2, p90: 3, p99: 6 };
const SLO: SloInput["slo"] = {
  name: "splitwise",
  limits: { ttft: LIMITS, tbt: LIMITS, e2e: LIMITS },
  throughput_window: [1, 5],
  servers: { big: { cost: 4.76, power: 44 }, small: { cost: 2.21, power: 24.8 } },
};
/** A prefill takes a second per 100 prompt tokens, a decode iteration half a second. */
const REFERENCE = { prefillSeconds: (tokens: number) => tokens / 100, decodeSeconds: () => 0.5 };

function metricsOf(requests: readonly TestRequest[], more: Partial<SloInput> = {}) {
  const record = runRecord({ requests });
  return sloMetrics({
    slo: SLO,
    table: requestTables(record)[0],
    completionSeconds: record.outcomes.completionSeconds,
    unfinished: record.trace.count - record.completionOrder.length,
    spanSeconds: servedSpanSeconds(record),
    reference: REFERENCE,
    servers: [
      { sku: "big", count: 3 },
      { sku: "small", count: 2 },
    ],
    ...more,
  });
}

/** A request of 100 prompt and 5 output tokens: 1 s of prefill and 2 s of decode when alone. */
const request = (arrival: number, ttft: number, e2e: number): TestRequest => ({
  arrival,
  prefill: [arrival, arrival + ttft],
  decode: [arrival + ttft, arrival + e2e],
  completion: arrival + e2e,
  promptTokens: 100,
  outputTokens: 5,
});

describe("service levels", () => {
  it("of a request that has the reference to itself are 1", () => {
    const metrics = metricsOf([request(0, 1, 3)]);
    expect(metrics).toMatchObject({ ttft_slowdown_p50: 1, tbt_slowdown_p99: 1, e2e_slowdown_p90: 1, within_slo: 1 });
  });

  it("are the percentiles of each request's own slowdown", () => {
    const metrics = metricsOf([request(0, 1, 3), request(0, 3, 6)]);
    expect(metrics.ttft_slowdown_p50).toBe(2);
    expect(metrics.e2e_slowdown_p50).toBe(1.5);
    expect(metrics.tbt_slowdown_p50).toBe(1.25);
  });

  it("are missed at a limit, above it, and when a request is unfinished", () => {
    expect(metricsOf([request(0, 1.99, 4)]).within_slo).toBe(1);
    expect(metricsOf([request(0, 2, 4)]).within_slo).toBe(0);
    expect(metricsOf([request(0, 1, 3), { arrival: 0 }]).within_slo).toBe(0);
    expect(metricsOf([{ arrival: 0 }])).toMatchObject({ within_slo: 0, ttft_slowdown_p50: null });
  });

  it("count what is completed within the window, its end excluded", () => {
    const metrics = metricsOf([request(0, 0.5, 0.75), request(0, 0.5, 1), request(0, 1, 4), request(0, 1, 5)]);
    expect(metrics.slo_requests_per_second).toBe(2 / 4);
  });

  it("come with the cost and power of all servers, or none if a price is not known", () => {
    const metrics = metricsOf([request(0, 1, 3)]);
    expect(metrics).toMatchObject({ servers: 5, cost: 3 * 4.76 + 2 * 2.21, power: 3 * 44 + 2 * 24.8 });
    const servers = [
      { sku: "constructor", count: 1 },
      { sku: "big", count: 1 },
    ];
    expect(metricsOf([request(0, 1, 3)], { servers })).toMatchObject({ servers: 2, cost: null, power: null });
  });

  it("are nothing where no objectives are chosen", () => {
    expect(metricsOf([request(0, 1, 3)], { slo: { name: "none" } })).toEqual({});
  });

  it("have a name, a unit and a meaning each", () => {
    const slo = { ...SLO, targets: { ttft: 1, tbt: 1, e2e: 1 } };
    expect(Object.keys(metricsOf([request(0, 1, 3)], { slo }))).toEqual(SLO_METRICS.map(({ name }) => name));
  });
});

describe("targets in seconds", () => {
  const slo: SloInput["slo"] = { name: "latency", targets: { ttft: 1, tbt: 0.5, e2e: null } };
  const attained = (requests: readonly TestRequest[], more: Partial<SloInput["slo"]["targets"]> = {}) =>
    metricsOf(requests, { slo: { ...slo, targets: { ...slo.targets, ...more } }, reference: undefined });

  it("count a request at the target as met, singly and jointly, as vLLM's benchmark does (worked by hand)", () => {
    // TTFT 1, 2, 1 s; TBT 0.5, 0.25, 0.75 s: of 5 output tokens, 4 gaps.
    const requests = [request(0, 1, 3), request(0, 2, 3), request(1, 1, 4)];
    expect(attained(requests)).toEqual({
      ttft_attainment: 2 / 3,
      tbt_attainment: 2 / 3,
      slo_attainment: 1 / 3,
      goodput: 1 / 5,
    });
    expect(attained(requests, { e2e: 3 })).toMatchObject({ e2e_attainment: 2 / 3, slo_attainment: 1 / 3 });
  });

  it("are missed by requests that are not completed", () => {
    expect(attained([request(0, 1, 3), { arrival: 0 }])).toMatchObject({ ttft_attainment: 0.5, slo_attainment: 0.5 });
    expect(attained([{ arrival: 0 }])).toMatchObject({ slo_attainment: 0, goodput: null });
  });

  it("are met by every request that is as fast, whatever its target is relaxed to", () => {
    const requests = [request(0, 1, 3), request(0, 2, 8)];
    expect(attained(requests, { ttft: 2, tbt: 1.5 })).toMatchObject({ slo_attainment: 1, goodput: 2 / 8 });
  });
});
