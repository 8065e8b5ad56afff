import { describe, expect, it } from "vitest";
import { parseBurstGptCsv } from "../../src/traces/burstgpt-csv.ts";
import { formatOf } from "../../src/traces/formats.ts";
import { parseSplitwiseCsv } from "../../src/traces/splitwise-csv.ts";
import { bytes, columnsOf } from "./bytes.ts";

// Columns of the data set's release 1.1, and those of the later ones.
const HEADER = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type";
const LATER = "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type";
const ROWS = [
  "5,ChatGPT,472,18,490,Conversation log",
  "45,ChatGPT,1087,0,1087,Conversation log",
  "118.5,GPT-4,417,276,693,API log",
].join("\n");

const parse = (text: string, limit?: number) => parseBurstGptCsv(bytes(text), "b.csv", { limit });

describe("a BurstGPT trace", () => {
  it("counts seconds from its first answered request, and leaves failures out", () => {
    expect(columnsOf(parse(`${HEADER}\n${ROWS}\n`))).toMatchObject({
      count: 2,
      arrivalSeconds: [0, 113.5],
      promptTokens: [472, 417],
      outputTokens: [18, 276],
      lines: [2, 4],
    });
  });

  it("may have the later columns", () => {
    const trace = parse(`${LATER}\r\n7,,3.2,GPT-4,10,20,30,API log\r\n`);
    expect([trace.promptTokens[0], trace.outputTokens[0]]).toEqual([10, 20]);
  });

  it("is cut to its first requests", () => {
    expect(parse(`${HEADER}\n${ROWS}\n`, 1).count).toBe(1);
  });

  it("is recognised by its header, and named where another format is expected", () => {
    expect(formatOf(bytes(`${HEADER}\n${ROWS}`))).toBe("burstgpt");
    expect(() => parseSplitwiseCsv(bytes(`${HEADER}\n${ROWS}`), "b.csv")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("trace=burstgpt") }),
    );
    expect(() => parseSplitwiseCsv(bytes('{"timestamp": 0, "input_length": 1}\n'), "m.jsonl")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("trace=mooncake") }),
    );
    expect(() => parse("TIMESTAMP,ContextTokens,GeneratedTokens\n")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("trace=azure") }),
    );
  });

  it.each([
    ["a time before 0", "-1,ChatGPT,1,1,2,API log", "Timestamp is '-1', expected seconds from 0."],
    ["half a token", "1,ChatGPT,1.5,1,2,API log", "Request tokens is '1.5', expected an integer from 0"],
  ])("with %s is refused, at its line", (_, row, message) => {
    const text = `${HEADER}\n1,ChatGPT,1,1,2,API log\n${row}\n`;
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(expect.objectContaining({ position: { file: "b.csv", line: 3 } }));
  });

  it("without any response is refused", () => {
    expect(() => parse(`${HEADER}\n5,ChatGPT,472,0,472,API log\n`)).toThrow("No request of the trace has a response.");
  });
});
