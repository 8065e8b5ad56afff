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

  it.each([
    ["no JSON", "{timestamp: 1}", "The line is no JSON"],
    ["another value than an object", "[1]", "timestamp is undefined, expected milliseconds from 0"],
    ["an inherited field", '{"__proto__": {"timestamp": 1}}', "timestamp is undefined"],
    ["a time before 0", line({ timestamp: -1 }), "timestamp is -1"],
    ["no output", line({ output_length: 0 }), "output_length is 0, expected an integer from 1 to 2147483647"],
    ["a text for a number", line({ input_length: "7" }), 'input_length is "7"'],
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
