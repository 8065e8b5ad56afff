/**
 * Tables of joint quantiles of prompt and output tokens, as CSV. A row is a bin of prompt lengths: `probability` is the
 * share of requests up to its end, `prompt@L` the prompt tokens that a share L of its requests stays below, and
 * `output@L` the same of their output tokens. Levels L ascend from 0 to 1.
 */
import { TraceError } from "../../errors.ts";
import type { JointQuantiles } from "../../sim/kernel/distributions/joint-empirical.ts";

/** Parsed once for all traces that are drawn from the same bytes in memory. */
const known = new WeakMap<Uint8Array, JointQuantiles>();

/** Errors: TraceError with the line. */
export function parseJointTable(bytes: Uint8Array, source: string): JointQuantiles {
  const table = known.get(bytes) ?? parse(bytes, source);
  known.set(bytes, table);
  return table;
}

function parse(bytes: Uint8Array, source: string): JointQuantiles {
  const rows = Buffer.from(bytes)
    .toString("utf8")
    .split(/\r?\n/)
    .map((text, index) => ({ cells: text.split(",").map((cell) => cell.trim()), line: index + 1, text: text.trim() }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
  const fail = (message: string, line = rows[0]?.line) =>
    new TraceError(`The length table is malformed: ${message}.`, { file: source, line });
  if (rows.length < 2) throw fail("expected a header and at least one row");
  const [{ cells: header }, ...bins] = rows;

  const firstLevels = levelsOf(header, "prompt", fail);
  const secondLevels = levelsOf(header, "output", fail);
  const width = 1 + firstLevels.length + secondLevels.length;
  const inOrder = header.every((name, i) => {
    if (i === 0) return name === "probability";
    return name.startsWith(i <= firstLevels.length ? "prompt@" : "output@");
  });
  if (!inOrder || header.length !== width) {
    throw fail(`the columns are ${header.join(",").slice(0, 60)}…, expected probability, then prompt@L, then output@L`);
  }

  const bounds = [0];
  const first: number[][] = [];
  const second: number[][] = [];
  for (const { cells, line } of bins) {
    if (cells.length !== width) throw fail(`the row has ${cells.length} cells, expected ${width}`, line);
    const [probability, ...knots] = cells.map(Number);
    if (!(probability > bounds[bounds.length - 1] && probability <= 1)) {
      throw fail(`the probability '${cells[0]}' must be above the row before's and at most 1`, line);
    }
    bounds.push(probability);
    first.push(knots.slice(0, firstLevels.length));
    second.push(knots.slice(firstLevels.length));
    for (const quantiles of [first[first.length - 1], second[second.length - 1]]) {
      if (!quantiles.every((value, i) => value >= (quantiles[i - 1] ?? 1) && value < 2 ** 31)) {
        throw fail("tokens must be numbers from 1 that never fall along the row", line);
      }
    }
  }
  if (bounds[bounds.length - 1] !== 1) throw fail("the last row's probability must be 1", bins[bins.length - 1].line);
  return { bounds, firstLevels, first, secondLevels, second };
}

function levelsOf(header: readonly string[], variable: string, fail: (message: string) => Error): number[] {
  const levels = header
    .filter((name) => name.startsWith(`${variable}@`))
    .map((name) => Number(name.slice(variable.length + 1) || Number.NaN));
  const ascend = levels.every((level, i) => level > (levels[i - 1] ?? -1));
  if (levels.length < 2 || !ascend || levels[0] !== 0 || levels[levels.length - 1] !== 1) {
    throw fail(`the levels of ${variable}@L must ascend from 0 to 1`);
  }
  return levels;
}
