/** The values that one sweep override runs through, as text for the right side of a job's override. */
import { ConfigError } from "../../errors.ts";
import { FunctionError } from "./function-error.ts";
import { filterByGlob } from "./glob.ts";
import { printValue } from "./print.ts";
import { rangeLength, rangeValue } from "./range.ts";
import type { Override } from "./value.ts";

export interface SweepContext {
  /** Options of a config group, sorted; empty for what is no group. */
  groupOptions(group: string): readonly string[];
  /** Order of a shuffled sweep: `shuffle(n)` is a permutation of 0..n-1. */
  shuffle(length: number): readonly number[];
}

/** A dimension of a sweep whose values are made on demand, so that a huge range costs nothing until it is listed. */
export interface Dimension {
  /** May be infinite. */
  readonly length: number;
  readonly textAt: (index: number) => string;
}

/**
 * @throws {ConfigError} `unsupported_sweep_type` for an interval; `invalid_range`, `nested_sweep`.
 */
export function sweepDimension(override: Override, context: SweepContext): Dimension {
  const sweep = override.value;
  switch (sweep.type) {
    case "choice_sweep": {
      const texts = sweep.list.map(printValue);
      return shuffled(sweep.shuffle, { length: texts.length, textAt: (index) => texts[index]! }, context);
    }
    case "range_sweep":
      return shuffled(
        sweep.shuffle,
        { length: lengthOf(override, sweep), textAt: (index) => printValue(rangeValue(sweep, index)) },
        context,
      );
    case "glob": {
      const names = filterByGlob(context.groupOptions(override.key), sweep);
      return { length: names.length, textAt: (index) => names[index]! };
    }
    case "interval_sweep":
      throw new ConfigError("unsupported_sweep_type", `An interval has no list of values: '${override.text}'.`, {
        hint: "Use range(start,stop,step) or choice(...).",
      });
    default:
      return { length: 1, textAt: () => printValue(sweep) };
  }
}

function lengthOf(override: Override, sweep: Parameters<typeof rangeLength>[0]): number {
  try {
    return rangeLength(sweep);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    throw new ConfigError("invalid_range", `In the override '${override.text}': ${error.message}.`);
  }
}

function shuffled(wanted: boolean, dimension: Dimension, context: SweepContext): Dimension {
  if (!wanted || !Number.isFinite(dimension.length)) return dimension;
  let order: readonly number[] | undefined;
  return {
    length: dimension.length,
    textAt: (index) => {
      order ??= context.shuffle(dimension.length);
      return dimension.textAt(order[index]!);
    },
  };
}
