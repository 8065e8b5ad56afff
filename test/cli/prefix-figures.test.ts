import { describe, expect, it } from "vitest";
import { prefixFigures } from "../../src/cli/trace/prefix-figures.ts";
import type { Trace } from "../../src/sim/workload/trace.ts";
import { plainTrace } from "../../src/traces/plain-trace.ts";
import { readAnyTraceFile } from "../../src/traces/read-trace-file.ts";
import { sharedTrace, tracesAreShared } from "../traces/shared-traces.ts";

function traceOf(rows: readonly (readonly number[])[], blockTokens: number, promptTokens: readonly number[]): Trace {
  const offsets = [0];
  for (const ids of rows) offsets.push(offsets[offsets.length - 1] + ids.length);
  const plain = plainTrace({
    arrivalSeconds: Float64Array.from(rows, (_, row) => row),
    promptTokens: Int32Array.from(promptTokens),
    outputTokens: Int32Array.from(promptTokens),
    source: "test",
  });
  const prefixBlocks = { blockTokens, offsets: Int32Array.from(offsets), ids: Int32Array.from(rows.flat()) };
  return { ...plain, prefixBlocks };
}

const percent = (share: number) => (100 * share).toFixed(2);

describe("figures of prefixes", () => {
  it("count the longest prefix that is there, its tokens at most the prompt's (worked by hand)", () => {
    const trace = traceOf(
      [
        [1, 2],
        [1, 2],
        [1, 3, 2],
        [4, 1],
      ],
      10,
      [15, 15, 30, 20],
    );
    expect(prefixFigures(trace)).toMatchObject({
      blocks: 9,
      distinct_blocks: 4,
      single_use_blocks: 2,
      hit_share_of_blocks: 3 / 9,
      hit_share_of_tokens: (15 + 10) / 80,
      requests_with_hit: 2,
    });
  });

  it("are absent of a trace without blocks", () => {
    const { prefixBlocks, ...plain } = traceOf([[1]], 10, [15]);
    expect(prefixFigures(plain)).toBeUndefined();
  });

  // Figures of specs/llm-serving-simulator.md, section 14, computed there by another program.
  it.skipIf(!tracesAreShared).each([
    ["conversation", 288_500, 182_790, 138_646, 36.641, 37.362, 12_030, ["4.45", "11.04", "21.12", "32.57", "35.46"]],
    ["synthetic", 121_877, 43_924, 25_673, 63.96, 65.124, 1782, ["8.25", "27.91", "42.35", "62.42", "63.96"]],
  ] as const)(
    "of Mooncake's %s trace are the known ones (needs ../shared)",
    (name, blocks, distinct, once, blockHits, tokenHits, rows, lru) => {
      const figures = prefixFigures(readAnyTraceFile(sharedTrace(`${name}_trace.jsonl`)).trace)!;
      expect(figures).toMatchObject({
        block_tokens: 512,
        blocks,
        distinct_blocks: distinct,
        single_use_blocks: once,
        requests_with_hit: rows,
      });
      expect(100 * figures.hit_share_of_blocks).toBeCloseTo(blockHits, 3);
      expect(100 * figures.hit_share_of_tokens).toBeCloseTo(tokenHits, 3);
      expect(figures.lru.map(({ hit_share_of_blocks }) => percent(hit_share_of_blocks))).toEqual(lru);
    },
  );
});
