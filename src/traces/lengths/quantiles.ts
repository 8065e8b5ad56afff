import { TraceError } from "../../errors.ts";
import { quantileFunction } from "../../sim/kernel/distributions/empirical.ts";
import { readTable, tokenColumn } from "../csv/read-table.ts";
import type { LengthSampler } from "./length-sampler.ts";

const PROBABILITY = {
  name: "probability",
  required: true,
  expected: "a number from 0 to 1",
  minimum: 0,
  maximum: 1,
  integer: false,
};

/**
 * By inverse transform, from a table of quantiles: `column` holds the length that a share `probability` of all lengths
 * does not exceed.
 */
export const quantiles: LengthSampler = {
  distribution: "quantiles",
  needs: ["table", "column"],
  allows: ["min", "max"],
  create: ({ table, column }, openFile) => {
    const [levels, knots] = readTable(openFile, table, [PROBABILITY, tokenColumn(column)]);
    const ascend = levels.every((level, row) => row === 0 || level > levels[row - 1]);
    if (levels.length < 2 || levels[0] !== 0 || levels[levels.length - 1] !== 1 || !ascend) {
      throw new TraceError("The column probability must ascend from 0 to 1.", { file: table });
    }
    const falls = knots.findIndex((tokens, row) => row > 0 && tokens < knots[row - 1]);
    if (falls >= 0) throw new TraceError(`The column ${column} falls at row ${falls + 1}.`, { file: table });
    const lengthAt = quantileFunction(Array.from(levels), Array.from(knots));
    return (random) => lengthAt(random.uniform());
  },
};
