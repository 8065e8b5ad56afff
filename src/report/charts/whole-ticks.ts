/** Ticks of an axis on which only whole numbers mean something, such as numbers of servers. */
import type { ScaleOptions } from "@observablehq/plot";
import { shortNumber } from "../../analysis/run-label.ts";

const MOST_TICKS = 12;

/** Nothing for values with fractions, and for a range so wide that it is not divided below 1. */
export function wholeTicks(values: readonly number[]): Pick<ScaleOptions, "ticks" | "tickFormat"> {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!values.every(Number.isInteger) || most - least >= MOST_TICKS) return {};
  return { ticks: Array.from({ length: most - least + 1 }, (_, i) => least + i), tickFormat: shortNumber };
}
