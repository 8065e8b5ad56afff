import { readTable, tokenColumn } from "../csv/read-table.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** One of the values in a column of a CSV file, each row equally likely. */
export const empirical: LengthSampler = {
  distribution: "empirical",
  needs: ["table", "column"],
  allows: ["min", "max"],
  create: ({ table, column }, openFile) => {
    const [values] = readTable(openFile, table, [tokenColumn(column)]);
    return (random) => values[random.below(values.length)];
  },
};
