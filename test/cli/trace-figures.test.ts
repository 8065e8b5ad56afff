import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bar, columnPlot, figure } from "../../src/cli/trace/text-plot.ts";
import { arrivalFigures, traceFigures } from "../../src/cli/trace/trace-figures.ts";
import { splitwiseCsv } from "../../src/cli/trace/write-trace.ts";
import type { Trace } from "../../src/sim/workload/trace.ts";
import { plainTrace } from "../../src/traces/plain-trace.ts";
import { parseSplitwiseCsv } from "../../src/traces/splitwise-csv.ts";

function traceOf(arrivals: readonly number[], prompts: readonly number[] = arrivals.map(() => 1)) {
  return plainTrace({
    arrivalSeconds: Float64Array.from(arrivals),
    promptTokens: Int32Array.from(prompts),
    outputTokens: Int32Array.from(prompts, (tokens) => 2 * tokens),
    source: "test",
  });
}

describe("figures of arrivals", () => {
  it("are those of the arrivals in order of time, whatever the rows' order", () => {
    // Gaps 1 and 3: mean 2, population deviation 1.
    const expected = { first_seconds: 10, span_seconds: 4, requests_per_second: 0.5, gap_cv: 0.5 };
    expect(arrivalFigures(traceOf([10, 11, 14]))).toMatchObject(expected);
    expect(arrivalFigures(traceOf([14, 10, 11]))).toMatchObject(expected);
  });

  it("by the minute count the whole minutes since the first arrival", () => {
    const minutes = [5, 10, 64.9, 65, 70, 80, 124.99, 125, 130];
    expect(arrivalFigures(traceOf(minutes))).toMatchObject({ minute_rate_min: 3 / 60, minute_rate_max: 4 / 60 });
    expect(arrivalFigures(traceOf([0, 59]))).toMatchObject({ minute_rate_min: null, minute_rate_max: null });
  });

  it("that do not exist are null: one request, or all at once", () => {
    const nothing = { span_seconds: 0, requests_per_second: null, gap_cv: null };
    expect(arrivalFigures(traceOf([3]))).toMatchObject(nothing);
    expect(arrivalFigures(traceOf([3, 3, 3]))).toMatchObject(nothing);
  });
});

it("figures of lengths are their total, mean and linear percentiles", () => {
  const lengths = Array.from({ length: 101 }, (_, i) => i + 1);
  const { prompt_tokens, output_tokens, requests } = traceFigures(traceOf(lengths, lengths));
  expect(requests).toBe(101);
  expect(prompt_tokens).toEqual({ total: 5151, mean: 51, min: 1, p5: 6, p50: 51, p90: 91, p99: 100, max: 101 });
  expect(output_tokens.p90).toBe(182);
});

describe("plots", () => {
  it("of columns show the largest as a full block, nothing as a blank, and little as something", () => {
    expect(columnPlot([0, 1, 50, 100])).toBe(" ▁▄█");
    expect(columnPlot([0, 0])).toBe("  ");
  });

  it("of bars are as wide as asked, to an eighth of a character", () => {
    expect(bar(1, 3)).toBe("███");
    expect(bar(0.5, 3)).toBe("█▌ ");
    expect(bar(0, 3)).toBe("   ");
    expect(bar(1e-9, 3)).toBe("▏  ");
  });

  it("write figures with three digits, and all before the point", () => {
    expect([0.012345, 5, 69.94, 12_345.6, null].map(figure)).toEqual(["0.0123", "5", "69.9", "12,346", "-"]);
  });
});

/** Columns as plain arrays: how wide their numbers are stored does not matter. */
function numbers(trace: Trace): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(trace).map(([name, column]) => [
      name,
      ArrayBuffer.isView(column) ? Array.from(column as Int32Array) : column,
    ]),
  );
}

it("a trace written as CSV reads back as the same numbers", () => {
  const tokens = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  const request = fc.tuple(fc.double({ min: 0, noDefaultInfinity: true, noNaN: true }), tokens);
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 30 }), (requests) => {
      const trace = plainTrace({
        arrivalSeconds: Float64Array.from(requests, ([seconds]) => seconds),
        promptTokens: Int32Array.from(requests, ([, prompt]) => prompt),
        outputTokens: Int32Array.from(requests, ([, prompt]) => 2 ** 31 - prompt),
        source: "test",
      });
      const { lines, ...read } = parseSplitwiseCsv(new TextEncoder().encode(splitwiseCsv(trace)), "test");
      expect(numbers(read)).toEqual(numbers(trace));
    }),
  );
});
