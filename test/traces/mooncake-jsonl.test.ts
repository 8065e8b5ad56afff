import { describe, expect, it } from "vitest";
import { parseMooncakeJsonl } from "../../src/traces/mooncake-jsonl.ts";
import { readAnyTraceFile } from "../../src/traces/read-trace-file.ts";
import { bytes, columnsOf } from "./bytes.ts";
import { sharedTrace, tracesAreShared } from "./shared-traces.ts";

const line = (fields: Record<string, unknown>) =>
  JSON.stringify({ timestamp: 0, input_length: 1, output_length: 1, ...fields });

describe("a Mooncake trace", () => {
  it("has its times in seconds and its lengths as they are", () => {
    const text = `${line({ timestamp: 27_482, input_length: 6955, output_length: 52, hash_ids: [46, 47] })}\n\n${line({})}\n`;
    expect(columnsOf(parseMooncakeJsonl(bytes(text), "m.jsonl"))).toMatchObject({
      count: 2,
      arrivalSeconds: [27.482, 0],
      promptTokens: [6955, 1],
      outputTokens: [52, 1],
      lines: [1, 3],
    });
  });

  it("keeps the blocks of each row, of rows without any too", () => {
    const rows = [{ input_length: 1025, hash_ids: [7, 8, 9] }, {}, { hash_ids: [7] }].map(line).join("\n");
    const { prefixBlocks } = parseMooncakeJsonl(bytes(rows), "m.jsonl");
    expect(prefixBlocks).toEqual({
      blockTokens: 512,
      offsets: Int32Array.of(0, 3, 3, 4),
      ids: Int32Array.of(7, 8, 9, 7),
    });
    expect(parseMooncakeJsonl(bytes(line({})), "m.jsonl").prefixBlocks).toBeUndefined();
  });

  it("is cut to its first rows, the rest unread", () => {
    const trace = parseMooncakeJsonl(bytes(`${line({ hash_ids: [1] })}\n\n${line({})}\nnonsense\n`), "m.jsonl", {
      limit: 2,
    });
    expect([trace.count, Array.from(trace.prefixBlocks?.offsets ?? [])]).toEqual([2, [0, 1, 1]]);
  });

  it.each([
    ["no JSON", "{timestamp: 1}", "The line is no JSON"],
    ["another value than an object", "[1]", "The line holds [1], expected an object"],
    ["an inherited field", '{"__proto__": {"timestamp": 1}}', "timestamp is undefined"],
    ["a time before 0", line({ timestamp: -1 }), "timestamp is -1"],
    ["no output", line({ output_length: 0 }), "output_length is 0, expected an integer from 1 to 2147483647"],
    ["a text for a number", line({ input_length: "7" }), 'input_length is "7"'],
    ["a text for blocks", line({ hash_ids: "12" }), 'hash_ids is "12", expected a list of block ids'],
    ["a block that is no integer", line({ hash_ids: [1.5] }), "hash_ids has 1.5, expected integers from 0"],
    ["a block below 0", line({ hash_ids: [-1] }), "hash_ids has -1, expected integers from 0"],
    [
      "more blocks than the prompt has",
      line({ input_length: 512, hash_ids: [1, 2] }),
      "hash_ids has 2 blocks of 512 tokens, and the prompt of 512 tokens has 1",
    ],
  ])("with %s is refused, at its line", (_, text, message) => {
    const parse = () => parseMooncakeJsonl(bytes(`${line({})}\n${text}\n`), "m.jsonl");
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ position: { file: "m.jsonl", line: 2 } }));
  });

  it("without a line is refused", () => {
    expect(() => parseMooncakeJsonl(bytes("\n"), "m.jsonl")).toThrow("The trace is empty.");
  });

  // Counts of the published files, by wc -l.
  it.skipIf(!tracesAreShared)("is recognised by its first line (needs ../shared)", () => {
    const { trace, format } = readAnyTraceFile(sharedTrace("conversation_trace.jsonl"));
    expect([trace.count, format]).toEqual([12_031, "mooncake"]);
    expect(readAnyTraceFile(sharedTrace("AzureLLMInferenceTrace_code.csv")).format).toBe("azure");
    expect(readAnyTraceFile(sharedTrace("splitwise/conv_r2_n250.csv")).format).toBe("splitwise");
  });
});
