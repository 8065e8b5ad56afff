/** The part of a decode that grows with the context: over a stretch, a sum of arithmetic series. */
import type { Operator } from "./operator.ts";

/** Seconds of an operator in all layers are the larger of two lines: operations, and bytes. */
export interface GrowingOperator {
  readonly computePerPair: number;
  readonly memoryPerPair: number;
  readonly memoryPerDecode: number;
}

export function growingOperator(op: Operator, bytesPerSecond: number): GrowingOperator {
  const pairBytes = op.inputBytesPerPair + op.outputBytesPerPair + op.kvReadBytesPerToken;
  const itemBytes = op.inputBytesPerItem + op.outputBytesPerItem;
  return {
    computePerPair: (op.flopsPerPair / op.flopsPerSecond) * op.repeats,
    memoryPerPair: (pairBytes / bytesPerSecond) * op.repeats,
    memoryPerDecode: (itemBytes / bytesPerSecond) * op.repeats,
  };
}

/**
 * Seconds of `iterations` iterations of `decodes` decodes that attend to `contextTokens` in the first of them, and to one
 * token more each in every further one. O(1): the lines cross at most once.
 */
export function growingSeconds(
  { computePerPair, memoryPerPair, memoryPerDecode }: GrowingOperator,
  decodes: number,
  contextTokens: number,
  iterations: number,
): number {
  const perIteration = memoryPerDecode * decodes;
  const excess = computePerPair - memoryPerPair;
  let memoryBound = iterations;
  if (excess > 0) {
    const crossing = (perIteration / excess - contextTokens) / decodes;
    memoryBound = Math.min(iterations, Math.max(0, Math.floor(crossing) + 1));
  }
  const memoryPairs = seriesSum(contextTokens, decodes, memoryBound);
  const memorySeconds = memoryBound * perIteration + memoryPerPair * memoryPairs;
  if (memoryBound === iterations) return memorySeconds;
  return memorySeconds + computePerPair * (seriesSum(contextTokens, decodes, iterations) - memoryPairs);
}

/** first + (first + step) + ..., of `terms` terms. Exact below 2^53. */
function seriesSum(first: number, step: number, terms: number): number {
  return terms * first + (step * (terms * (terms - 1))) / 2;
}
