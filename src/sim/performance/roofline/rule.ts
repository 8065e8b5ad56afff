/**
 * The roofline rule (Williams, Waterman, Patterson, CACM 2009): an operator takes as long as its operations at the peak
 * rate, or as moving its bytes, whichever is longer.
 */
import { type Counts, flopsOf, memoryBytesOf, type Operator } from "./operator.ts";

export type Bound = "compute" | "memory" | "network";

/** Seconds of one run of an operator on a memory of `bytesPerSecond`. */
export type Rule = (op: Operator, counts: Counts, bytesPerSecond: number) => number;

export const rooflineSeconds: Rule = (op, counts, bytesPerSecond) =>
  Math.max(flopsOf(op, counts) / op.flopsPerSecond, memoryBytesOf(op, counts) / bytesPerSecond) +
  op.networkSecondsPerItem * counts.items +
  op.networkLatencySeconds;

/** The same by arithmetic intensity, rounded as LLM-Viewer's code does. */
export const intensitySeconds: Rule = (op, counts, bytesPerSecond) => {
  const flops = flopsOf(op, counts);
  const intensity = flops / memoryBytesOf(op, counts);
  return intensity < op.flopsPerSecond / bytesPerSecond
    ? flops / (intensity * bytesPerSecond)
    : flops / op.flopsPerSecond;
};

export function boundOf(op: Operator, counts: Counts, bytesPerSecond: number): Bound {
  if (op.networkSecondsPerItem > 0) return "network";
  const intensity = flopsOf(op, counts) / memoryBytesOf(op, counts);
  return intensity < op.flopsPerSecond / bytesPerSecond ? "memory" : "compute";
}
