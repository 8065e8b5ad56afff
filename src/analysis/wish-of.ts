import type { Wish } from "./pareto.ts";

/** Measures of which more is better; of all others less is. */
const HIGH = /per_second|goodput|attainment|within_slo|completed|hit_rate|^utilisation/;

export function wishOf(metric: string): Wish {
  return HIGH.test(metric) ? "high" : "low";
}
