/**
 * Iteration times read from measured curves (SplitwiseSim's database model; Patel et al., "Splitwise", ISCA 2024).
 * Two curves per kind of instance give the seconds of a prefill-only and of a decode-only iteration at a number of
 * batch tokens; a mixed iteration takes the prefill time of all its tokens, 10 % longer. Context lengths do not matter.
 */
import { SimulationError } from "../../errors.ts";
import { floorDivide } from "./floor-divide.ts";
import type { BatchShape, IterationTimes } from "./performance-model.ts";

/** Measured points of one curve pair; `batchTokens` ascends. */
export interface MeasuredCurves {
  readonly batchTokens: readonly number[];
  readonly prefillSeconds: readonly number[];
  readonly decodeSeconds: readonly number[];
}

/** Slowdown of a prefill iteration that also decodes, as in SplitwiseSim's DatabasePerformanceModel. */
const MIXED_BATCH_FACTOR = 1.1;

/** Times up to this many batch tokens are tabulated: saves the search for the segment, 5-10 % of a whole run. */
const TABULATED_TOKENS = 8192;

/**
 * Linear interpolation as scipy's interp1d does it, operation by operation: a knot belongs to the segment on its left,
 * and the first and last segment extend beyond the ends.
 */
export function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  let right = 1;
  while (right < xs.length - 1 && xs[right] < x) right++;
  const slope = (ys[right] - ys[right - 1]) / (xs[right] - xs[right - 1]);
  return slope * (x - xs[right - 1]) + ys[right - 1];
}

function tabulate(xs: readonly number[], ys: readonly number[]): Float64Array {
  return Float64Array.from({ length: TABULATED_TOKENS + 1 }, (_, tokens) => interpolate(xs, ys, tokens));
}

interface Tables {
  prefillSeconds?: Float64Array;
  decodeSeconds?: Float64Array;
}

/** A process that simulates many runs with the same curves tabulates them once: 0.7 ms for each kind of instance. */
const knownTables = new WeakMap<MeasuredCurves, Tables>();

function tablesOf(curves: MeasuredCurves): Tables {
  let tables = knownTables.get(curves);
  if (tables === undefined) {
    tables = {};
    knownTables.set(curves, tables);
  }
  return tables;
}

export class InterpolatedIterationTimes implements IterationTimes {
  readonly #curves: MeasuredCurves;
  readonly #label: string;
  readonly #tables: Tables;

  constructor(curves: MeasuredCurves, label: string) {
    this.#curves = curves;
    this.#tables = tablesOf(curves);
    this.#label = label;
  }

  stretchSeconds(batch: BatchShape, iterations: number): number {
    return this.#iterationSeconds(batch) * iterations;
  }

  iterationsWithin(batch: BatchShape, elapsedSeconds: number): number {
    return floorDivide(elapsedSeconds, this.#iterationSeconds(batch));
  }

  #iterationSeconds(batch: BatchShape): number {
    const tokens = batch.promptTokens + batch.decodes;
    const { batchTokens, prefillSeconds, decodeSeconds } = this.#curves;
    let seconds: number;
    if (batch.prefills === 0) {
      this.#tables.decodeSeconds ??= tabulate(batchTokens, decodeSeconds);
      seconds = this.#at(this.#tables.decodeSeconds, decodeSeconds, tokens);
    } else {
      this.#tables.prefillSeconds ??= tabulate(batchTokens, prefillSeconds);
      seconds = this.#at(this.#tables.prefillSeconds, prefillSeconds, tokens);
      if (batch.decodes > 0) seconds *= MIXED_BATCH_FACTOR;
    }
    if (!(seconds > 0)) {
      throw new SimulationError(
        `The performance model gives ${seconds} s for an iteration of ${tokens} tokens (${batch.prefills} prefills, ` +
          `${batch.decodes} decodes) of ${this.#label}: the measured curves fall to zero beyond their last point.`,
        Number.NaN,
        { hint: "Limit the batch (start_state.instance.max_batch_size, max_batch_tokens) to the measured range." },
      );
    }
    return seconds;
  }

  #at(table: Float64Array, ys: readonly number[], tokens: number): number {
    return tokens <= TABULATED_TOKENS ? table[tokens] : interpolate(this.#curves.batchTokens, ys, tokens);
  }
}
