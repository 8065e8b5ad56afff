import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TraceError } from "../../src/errors.ts";
import { decompress } from "../../src/traces/decompress.ts";
import { readAnyTraceFile } from "../../src/traces/read-trace-file.ts";
import { parseSplitwiseCsv } from "../../src/traces/splitwise-csv.ts";
import { bytes, columnsOf } from "./bytes.ts";
import { sharedTrace, tracesAreShared } from "./shared-traces.ts";

const HEADER = "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size";
const SHORT = "arrival_timestamp,prompt_size,token_size";

function parse(text: string, floatParser: "ieee" | "pandas" = "ieee") {
  return parseSplitwiseCsv(bytes(text), "t.csv", { floatParser });
}

function errorOf(text: string): TraceError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a trace in SplitwiseSim's format", () => {
  it("is read into columns, in the file's order", () => {
    const trace = parse(`${HEADER}\n7,2,1,2.5,3,4096,32\n8,2,0,1,1,2048,8\n`);
    expect(columnsOf(trace)).toEqual({
      count: 2,
      requestId: [7, 8],
      requestType: [2, 2],
      applicationId: [1, 0],
      arrivalSeconds: [2.5, 1],
      batchSize: [3, 1],
      promptTokens: [4096, 2048],
      outputTokens: [32, 8],
      lines: [2, 3],
    });
    expect(trace.source).toBe("t.csv");
  });

  it("needs only arrivals and lengths; the other columns have defaults", () => {
    const trace = parse(`${SHORT}\n0,10,1\n1,20,2`);
    expect(columnsOf(trace)).toMatchObject({
      requestId: [0, 1],
      requestType: [2, 2],
      applicationId: [0, 0],
      batchSize: [1, 1],
    });
  });

  it("is the same whatever the line ends, blank lines, quotes, blanks, byte order mark or compression", () => {
    const plain = `${SHORT}\n0.5,10,1\n1.25,20,2\n`;
    const expected = columnsOf(parse(plain));
    const variants = [
      plain.trimEnd(),
      plain.replaceAll("\n", "\r\n"),
      plain.replaceAll("\n", "\r\n").trimEnd(),
      `\uFEFF${plain}`,
      `${plain}\n\r\n\n`,
      plain.replace("arrival_timestamp", '"arrival_timestamp"').replace("10", ' "10" '),
      plain.replace("0.5", "5e-1").replace("20", "20.0"),
    ];
    for (const variant of variants) expect(columnsOf(parse(variant))).toEqual(expected);
    const packed = parseSplitwiseCsv(decompress(gzipSync(plain), "t.csv.gz"), "t.csv.gz");
    expect(columnsOf(packed)).toEqual(expected);
  });

  it("keeps the lines of rows behind blank lines", () => {
    expect(Array.from(parse(`${SHORT}\n0,1,1\n\n\n1,1,1\n`).lines ?? [])).toEqual([2, 5]);
  });

  it("holds for any rows, in any order of columns", () => {
    const token = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    const request = fc.record({
      request_id: fc.integer({ min: 0 }),
      request_type: fc.constant(2),
      application_id: fc.nat(),
      arrival_timestamp: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      batch_size: token,
      prompt_size: token,
      token_size: token,
    });
    const order = fc.shuffledSubarray(HEADER.split(",") as (keyof typeof request)[], { minLength: 7 });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 20 }), order, (requests, names) => {
        const rows = requests.map((row) => names.map((name) => String(row[name as keyof typeof row])).join(","));
        const trace = parse([names.join(","), ...rows].join("\n"));
        expect(columnsOf(trace)).toMatchObject({
          requestId: requests.map((row) => row.request_id),
          applicationId: requests.map((row) => row.application_id),
          arrivalSeconds: requests.map((row) => row.arrival_timestamp),
          batchSize: requests.map((row) => row.batch_size),
          promptTokens: requests.map((row) => row.prompt_size),
          outputTokens: requests.map((row) => row.token_size),
        });
      }),
    );
  });

  it("rounds 15 digits and more correctly", () => {
    const texts = [
      "9355.164541704419",
      "913.0912526809407",
      "911126057.1366851",
      "123456789.012345",
      "0.300000000000000",
    ];
    const trace = parse(`${SHORT}\n${texts.map((text) => `${text},1,1`).join("\n")}`);
    expect(Array.from(trace.arrivalSeconds)).toEqual(texts.map(Number));
  });

  it("rounds times correctly, or as pandas does", () => {
    const text = `${SHORT}\n0.09948431352038875,1,1\n`;
    expect(parse(text).arrivalSeconds[0]).toBe(0.09948431352038875);
    expect(parse(text, "pandas").arrivalSeconds[0]).toBe(0.0994843135203887);
  });
});

describe("a malformed trace", () => {
  it.each([";", "\t", "|"])("with %j between its cells is told that commas are needed", (separator) => {
    const text = `${SHORT}\n1,1,1\n`.replaceAll(",", separator);
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        hint: `Cells are separated by commas; this header has ${JSON.stringify(separator)} in between.`,
      }),
    );
  });

  it.each([
    ["no bytes", "", undefined, "The trace is empty."],
    ["blank lines only", "\n\r\n", undefined, "The trace is empty."],
    ["only a header", `${SHORT}\n`, 2, "The trace has a header and no requests."],
    ["a missing column", "arrival_timestamp,prompt_size\n1,1\n", 1, "The trace has no column 'token_size'."],
    ["an unknown column", `${SHORT},deadline\n1,1,1,1\n`, 1, "The trace has an unknown column 'deadline'."],
    ["a column twice", `${SHORT},token_size\n1,1,1,1\n`, 1, "The column 'token_size' is there twice."],
    [
      "a word",
      `${SHORT}\n1,1,1\nsoon,1,1\n`,
      3,
      "arrival_timestamp is 'soon', expected seconds, a finite number from 0.",
    ],
    [
      "a negative time",
      `${SHORT}\n-1,1,1\n`,
      2,
      "arrival_timestamp is '-1', expected seconds, a finite number from 0.",
    ],
    [
      "two points",
      `${SHORT}\n1.2.3,1,1\n`,
      2,
      "arrival_timestamp is '1.2.3', expected seconds, a finite number from 0.",
    ],
    ["nan", `${SHORT}\nnan,1,1\n`, 2, "arrival_timestamp is 'nan', expected seconds, a finite number from 0."],
    ["infinity", `${SHORT}\n1e999,1,1\n`, 2, "arrival_timestamp is '1e999', expected seconds, a finite number from 0."],
    ["an empty cell", `${SHORT}\n1,,1\n`, 2, "prompt_size is '', expected an integer from 1 to 2147483647."],
    ["no prompt", `${SHORT}\n1,0,1\n`, 2, "prompt_size is '0', expected an integer from 1 to 2147483647."],
    ["half a token", `${SHORT}\n1,1,1.5\n`, 2, "token_size is '1.5', expected an integer from 1 to 2147483647."],
    ["negative tokens", `${SHORT}\n1,1,-3\n`, 2, "token_size is '-3', expected an integer from 1 to 2147483647."],
    [
      "2^31 tokens",
      `${SHORT}\n1,1,2147483648\n`,
      2,
      "token_size is '2147483648', expected an integer from 1 to 2147483647.",
    ],
    ["a short row", `${SHORT}\n1,1,1\n\n1,1\n`, 4, "The row has 2 cells, expected 3 as the header has."],
    ["a long row", `${SHORT}\n1,1,1,1\n`, 2, "The row has 4 cells, expected 3 as the header has."],
    ["a long last row without line end", `${SHORT}\n1,1,1,`, 2, "The row has 4 cells, expected 3 as the header has."],
    [
      "old Mac line ends",
      `${SHORT}\n1,1,1\r2,2,2`,
      2,
      "token_size is '1\r2', expected an integer from 1 to 2147483647.",
    ],
    [
      "another request type",
      `request_type,${SHORT}\n1,1,1,1\n`,
      2,
      "request_type is '1', expected 2 (a generative LLM request, the only type known).",
    ],
  ])("with %s is refused, with its line", (_, text, line, message) => {
    const error = errorOf(text);
    expect(error.message).toBe(message);
    expect(error.position).toEqual(line === undefined ? { file: "t.csv" } : { file: "t.csv", line });
  });

  it("names the column that was probably meant", () => {
    expect(errorOf("arrival_time,prompt_size,token_size\n1,1,1").hint).toMatch(/^Did you mean 'arrival_timestamp'\?/);
    expect(errorOf("arrival_timestamp,prompt_tokens,token_size\n1,1,1").hint).toMatch(/^Did you mean 'prompt_size'\?/);
    expect(errorOf("arrival_timestamp,prompt_tokens,output_tokens\n1,1,1").hint).toMatch(
      /^Did you mean 'prompt_size'\?/,
    );
    expect(errorOf(`${SHORT},zzz\n1,1,1,1`).hint).toMatch(
      /^The header must have arrival_timestamp, prompt_size, token_size/,
    );
  });

  it("in Azure's format says how to read it", () => {
    expect(errorOf("TIMESTAMP,ContextTokens,GeneratedTokens\n").hint).toBe(
      "It looks like another format (Azure LLM inference trace, CSV), which is read with trace=azure.",
    );
  });

  it("that is no text at all is a TraceError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => parseSplitwiseCsv(noise, "noise")).toThrow(TraceError);
      }),
    );
  });

  it("in damaged compression is a TraceError", () => {
    const packed = gzipSync(`${SHORT}\n1,1,1\n`);
    expect(() => decompress(packed.subarray(0, 20), "t.csv.gz")).toThrow(TraceError);
  });
});

it("has priorities, if it has the column", () => {
  const trace = parseSplitwiseCsv(bytes(`${SHORT},priority\n1,1,1,-3\n1,1,1,4\n`), "p.csv");
  expect(trace.priority).toEqual(Int32Array.of(-3, 4));
  expect(parseSplitwiseCsv(bytes(`${SHORT}\n1,1,1\n`), "p.csv").priority).toBeUndefined();
});

describe("a trace file", () => {
  it("says so when there is no file", () => {
    expect(() => readAnyTraceFile("no/such.csv")).toThrow("There is no file 'no/such.csv'.");
  });

  it.skipIf(!tracesAreShared)("reads 17-digit timestamps exactly by default (needs ../shared)", () => {
    const file = sharedTrace("splitwise/gen_seed0_conv_8.csv");
    const { trace } = readAnyTraceFile(file);
    const pandas = parseSplitwiseCsv(readFileSync(file), file, { floatParser: "pandas" });
    expect(trace.count).toBe(477);
    // 90 of 477 differ from correct rounding when pandas 3.0.6 reads the file.
    const different = trace.arrivalSeconds.filter((arrival, row) => arrival !== pandas.arrivalSeconds[row]);
    expect(different).toHaveLength(90);
  });
});
