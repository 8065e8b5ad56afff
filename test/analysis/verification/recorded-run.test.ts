import { describe, expect, it, test } from "vitest";
import { readRecordedRun } from "../../../src/analysis/verification/recorded-run.ts";
import { metricSeconds } from "../../../src/analysis/verification/served-request.ts";

const CSV = `request,in,out,arrival,first_scheduled,first_token,finished
a,100,11,10,10.5,12,22
b,5,1,11,,13,13
`;

const BENCHMARK = {
  request_rate: 4,
  input_lens: [100, 50, 7],
  output_lens: [3, 1, 2],
  ttfts: [0.5, 0.25, 0],
  itls: [[0.1, 0.2], [], []],
  start_times: [1000, 1002.5, 1003],
  errors: ["", "", "connection reset"],
};

describe("what an engine recorded is read", () => {
  it("from CSV", () => {
    const { format, requests } = readRecordedRun(CSV, "run.csv");
    expect(format).toBe("csv");
    expect(requests).toEqual([
      {
        name: "a",
        promptTokens: 100,
        outputTokens: 11,
        arrivalSeconds: 10,
        queueSeconds: 0.5,
        ttftSeconds: 2,
        e2eSeconds: 12,
      },
      {
        name: "b",
        promptTokens: 5,
        outputTokens: 1,
        arrivalSeconds: 11,
        queueSeconds: undefined,
        ttftSeconds: 2,
        e2eSeconds: 2,
      },
    ]);
    expect(requests.map((request) => metricSeconds(request, "tpot"))).toEqual([1, undefined]);
  });

  it("from vLLM's benchmark: E2E is TTFT and the gaps, failed requests are left out", () => {
    const { format, requests, notes } = readRecordedRun(JSON.stringify(BENCHMARK), "bench.json");
    expect(format).toBe("vllm_benchmark");
    expect(requests.map(({ arrivalSeconds }) => arrivalSeconds)).toEqual([0, 2.5]);
    expect(requests.map(({ e2eSeconds }) => e2eSeconds)).toEqual([0.8, 0.25]);
    expect(notes).toEqual(["1 of 3 requests failed in the benchmark and are left out"]);
  });

  it("of a benchmark of an older version arrivals are known only if all were sent at once", () => {
    const { start_times: _, ...older } = BENCHMARK;
    const arrivals = (rate: number | string) =>
      readRecordedRun(JSON.stringify({ ...older, request_rate: rate }), "b").requests.map(
        ({ arrivalSeconds }) => arrivalSeconds,
      );
    expect(arrivals("inf")).toEqual([0, 0]);
    expect(arrivals(4)).toEqual([undefined, undefined]);
  });

  it("from lists of metrics, by name or in order, with both sides of a verifier's", () => {
    const metrics = { in_tokens: 10, out_tokens: 2, ttft: { vllm: 0.5, sim: 0.4 }, tgt: { vllm: 1, sim: 0.9 } };
    const { requests, sim } = readRecordedRun(JSON.stringify({ q0: metrics }), "metrics.json");
    expect(requests).toMatchObject([{ name: "q0", ttftSeconds: 0.5, e2eSeconds: 1 }]);
    expect(sim).toMatchObject([{ name: "q0", ttftSeconds: 0.4, e2eSeconds: 0.9 }]);
    const flat = {
      request_id: "",
      in_tokens: 10,
      out_tokens: 2,
      arrival_time: 1,
      first_token_time: 3,
      finished_time: 4,
    };
    const list = readRecordedRun(JSON.stringify([flat, flat]), "metrics.json");
    expect(list.sim).toBeUndefined();
    expect(list.requests).toMatchObject([
      { name: "0", ttftSeconds: 2, e2eSeconds: 3 },
      { name: "1", ttftSeconds: 2, e2eSeconds: 3 },
    ]);
  });
});

test.each([
  ["a column that is not there", "request,in,out\n", /The header lacks arrival, first_token, finished/],
  ["a line that is not as long as the header", `${CSV}c,1\n`, /no CSV/],
  ["two requests of the same name", `${CSV}a,1,1,1,1,1,1\n`, /called 'a'/],
  ["no request", CSV.split("\n")[0], /no requests/],
  [
    "a list that is too short",
    JSON.stringify({ ...BENCHMARK, ttfts: [1] }),
    /ttfts has 1 entries, and input_lens has 3/,
  ],
  ["a benchmark without details", '{"total_input_tokens": 5}', /no list input_lens/],
  ["a broken file", '{"a":', /no JSON/],
  ["an entry that is no object", "[3]", /no object of metrics/],
])("%s is an error", (_, text, message) => {
  expect(() => readRecordedRun(text, "file")).toThrow(message);
});

test("all mistakes of a file are told, with their lines", () => {
  const text = CSV.replace("100,11", "x,0").replace("13,13", "soon,13");
  try {
    readRecordedRun(text, "run.csv");
    expect.unreachable();
  } catch (error) {
    const { message, others, position } = error as { message: string; others: Error[]; position: { line: number } };
    expect(position.line).toBe(2);
    expect([message, ...others.map((other) => other.message)]).toEqual([
      'in is "x", expected an integer from 1 to 2147483647.',
      "out is 0, expected an integer from 1 to 2147483647.",
      'first_token is "soon", expected a number of seconds.',
    ]);
  }
});

test("names like those of every object's prototype are names like others", () => {
  const text =
    '{"__proto__": {"in_tokens": 1, "out_tokens": 1, "ttft": 1}, "constructor": {"in_tokens": 1, "out_tokens": 1}}';
  expect(readRecordedRun(text, "f").requests.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
  expect(({} as { in_tokens?: number }).in_tokens).toBeUndefined();
});
