import { describe, expect, it, test } from "vitest";
import { compareMetrics, errorPercent } from "../../../src/analysis/verification/compare-metrics.ts";
import { comparePasses, readPassList } from "../../../src/analysis/verification/pass-list.ts";
import type { ServedRequest } from "../../../src/analysis/verification/served-request.ts";

function served(name: string, ttftSeconds: number, e2eSeconds: number): ServedRequest {
  const tokens = { promptTokens: 10, outputTokens: 5 };
  return { name, ...tokens, arrivalSeconds: 0, queueSeconds: undefined, ttftSeconds, e2eSeconds };
}

describe("compared latencies", () => {
  const engine = [served("a", 1, 5), served("b", 2, 10)];
  const { requests, summary } = compareMetrics(engine, [served("b", 1, 10), served("a", 1.1, 6)]);

  it("have the signed relative error of every request, matched by name", () => {
    expect(requests.map(({ metrics }) => metrics.ttft?.error_percent)).toEqual([expect.closeTo(10, 10), -50]);
    expect(requests[0].metrics.tpot).toEqual({ engine: 1, sim: 1.225, error_percent: expect.closeTo(22.5, 10) });
    expect(requests[0].metrics.queue_time).toBeUndefined();
  });

  it("have its mean and sample standard deviation", () => {
    // Errors 10 and -50: mean -20, deviation sqrt(2 x 30^2).
    expect(summary.ttft).toMatchObject({
      requests: 2,
      engine_mean: 1.5,
      sim_mean: 1.05,
      error_mean_percent: expect.closeTo(-20, 10),
      error_std_percent: expect.closeTo(Math.sqrt(1800), 10),
      error_abs_mean_percent: expect.closeTo(30, 10),
      worst: { request: "b", error_percent: -50 },
    });
  });

  it("may be matched by order where lengths agree, and are refused else", () => {
    const renamed = engine.map((request, index) => ({ ...request, name: `other${index}` }));
    expect(compareMetrics(engine, renamed).summary.e2e?.error_mean_percent).toBe(0);
    expect(() => compareMetrics(engine, renamed.slice(1))).toThrow(/no request 'a', 'b'/);
    expect(() => compareMetrics(engine, [...engine, served("c", 1, 1)])).toThrow(/1 requests that the engine did not/);
    expect(() => compareMetrics(engine, [engine[0], { ...engine[1], promptTokens: 11 }])).toThrow(/'b' has 10 and 5/);
  });

  it("count a simulated 0 as a microsecond, and have no error where the engine's time is 0", () => {
    expect(errorPercent(0, 1e-6)).toBe(0);
    expect(errorPercent(1, 0)).toBeNull();
  });
});

describe("compared passes", () => {
  const passes = (...list: object[]) => readPassList(JSON.stringify(list), "passes.json");
  const engine = passes({ a: 512, total_batched_tokens: 512 }, { a: 488, b: 24 }, { a: 1, b: 1 });

  it("are the same if every request has the same tokens in every pass", () => {
    expect(comparePasses(engine, engine, false)).toEqual({
      identical: true,
      passes: { engine: 3, sim: 3 },
      differences: [],
    });
  });

  it("tell of the first that differs which requests it has on one side only, and which with other tokens", () => {
    const sim = passes({ a: 512 }, { a: 500, c: 12 }, { a: 2 }, { a: 1 });
    const first = { pass: 1, only_engine: { b: 24 }, only_sim: { c: 12 }, different: { a: { engine: 488, sim: 500 } } };
    const found = comparePasses(engine, sim, false);
    expect(found).toEqual({ identical: false, passes: { engine: 3, sim: 4 }, differences: [first] });
    expect(comparePasses(engine, sim, true).differences.map(({ pass }) => pass)).toEqual([1, 2]);
  });

  it("are not the same if one side goes on", () => {
    expect(comparePasses(engine, engine.slice(0, 2), false)).toMatchObject({ identical: false, differences: [] });
  });
});

test.each([
  ["[]", /no list of passes/],
  ['{"a": 1}', /no list of passes/],
  ["[1]", /Pass 0 is no object/],
  ['[{"a": -1}]', /Request 'a' of pass 0 is -1/],
  ['[{"a": 3, "total_batched_tokens": 4}]', /of pass 0 is 4, and its tokens add up to 3/],
])("the pass list %s is refused", (text, message) => {
  expect(() => readPassList(text, "passes.json")).toThrow(message);
});
