import { describe, expect, it } from "vitest";
import { ConfigError, TraceError } from "../../src/errors.ts";
import { readAnyTraceFile } from "../../src/traces/read-trace-file.ts";
import { recordedTrace } from "../../src/traces/recorded-trace.ts";
import type { RecordedParameters } from "../../src/traces/trace.schema.ts";
import { bytes, columnsOf } from "./bytes.ts";
import { sharedTrace, tracesAreShared } from "./shared-traces.ts";

const HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
const FOUR = [
  HEADER,
  "2023-11-16 23:59:59.9999999,374,44",
  "2023-11-17 00:00:00.0000000,396,109",
  "2023-11-17 00:00:01.9999999,879,55",
  "2023-11-18 00:00:02,91,16",
].join("\r\n");

function parse(text: string, options: Partial<RecordedParameters> = {}) {
  const parameters = { _target_: "traces.AzureCsv", ...options } as RecordedParameters;
  return recordedTrace(bytes(text), "a.csv", parameters, 0);
}

function thrownBy(run: () => unknown): TraceError | ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof TraceError || error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("an Azure LLM inference trace", () => {
  it("counts seconds from its first row, exact to the tick of 100 ns", () => {
    expect(columnsOf(parse(FOUR))).toEqual({
      count: 4,
      arrivalSeconds: [0, 1e-7, 2, 86402.0000001],
      promptTokens: [374, 396, 879, 91],
      outputTokens: [44, 109, 55, 16],
      requestId: [0, 1, 2, 3],
      requestType: [2, 2, 2, 2],
      applicationId: [0, 0, 0, 0],
      batchSize: [1, 1, 1, 1],
      lines: [2, 3, 4, 5],
    });
  });

  it("may have the columns in another order, and times as in the 2024 data set", () => {
    const trace = parse(
      "ContextTokens,GeneratedTokens,TIMESTAMP\n1,2,2024-02-29 10:00:00.5+00:00\n3,4,2024-03-01T10:00:00Z\n",
    );
    expect(Array.from(trace.arrivalSeconds)).toEqual([0, 86399.5]);
    expect(Array.from(trace.promptTokens)).toEqual([1, 3]);
  });

  it("is sped up by rate_scale", () => {
    expect(Array.from(parse(FOUR, { rate_scale: 4 }).arrivalSeconds)).toEqual([0, 1e-7 / 4, 0.5, 86402.0000001 / 4]);
  });

  it("is scaled to a mean rate over its gaps", () => {
    const trace = parse(FOUR, { rate: 1.5 });
    expect(trace.arrivalSeconds[3]).toBeCloseTo(2, 12);
  });

  it("is cut to its first requests before the rate is measured", () => {
    const trace = parse(FOUR, { limit: 3, rate: 2 });
    expect(trace.count).toBe(3);
    expect(trace.arrivalSeconds[2]).toBe(1);
    expect(parse(FOUR, { limit: 100 }).count).toBe(4);
  });

  it.each([
    ["a day that does not exist", "2023-02-29 00:00:00,1,1"],
    ["an hour that does not exist", "2023-02-28 24:00:00,1,1"],
    ["another time zone", "2023-02-28 12:00:00+01:00,1,1"],
    ["a number", "12.5,1,1"],
  ])("with %s is refused", (_, row) => {
    const error = thrownBy(() => parse(`${HEADER}\n${row}\n`));
    expect(error.message).toBe(
      `TIMESTAMP is '${row.split(",")[0]}', expected a UTC time such as 2023-11-16 18:15:46.6805900, not before the first row's.`,
    );
    expect(error.position).toEqual({ file: "a.csv", line: 2 });
  });

  it("with a row before the first one is refused", () => {
    const error = thrownBy(() => parse(`${HEADER}\n2023-11-16 00:00:01,1,1\n2023-11-16 00:00:00.9999999,1,1\n`));
    expect(error.position).toEqual({ file: "a.csv", line: 3 });
  });

  it("with an empty output is refused", () => {
    expect(() => parse(`${HEADER}\n2023-11-16 00:00:01,1,0\n`)).toThrow(
      "GeneratedTokens is '0', expected an integer from 1",
    );
  });

  it("cannot have both a rate and a rate_scale, nor a rate when all requests arrive at once", () => {
    expect(thrownBy(() => parse(FOUR, { rate: 1, rate_scale: 2 }))).toBeInstanceOf(ConfigError);
    expect(() => parse(FOUR, { limit: 1, rate: 1 })).toThrow("All 1 requests arrive at once");
  });

  it.skipIf(!tracesAreShared)("has the row counts and means of the published files (needs ../shared)", () => {
    const mean = (column: Int32Array) => column.reduce((sum, value) => sum + value, 0) / column.length;
    const code = readAnyTraceFile(sharedTrace("AzureLLMInferenceTrace_code.csv")).trace;
    expect([code.count, mean(code.promptTokens).toFixed(1), mean(code.outputTokens).toFixed(1)]).toEqual([
      8819,
      "2047.8",
      "27.9",
    ]);
    expect(code.arrivalSeconds.at(-1)).toBe(3435.948056);
    const conv = readAnyTraceFile(sharedTrace("AzureLLMInferenceTrace_conv.csv")).trace;
    expect([conv.count, mean(conv.promptTokens).toFixed(1), mean(conv.outputTokens).toFixed(1)]).toEqual([
      19366,
      "1154.7",
      "211.1",
    ]);
  });
});
