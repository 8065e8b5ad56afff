/** Cartesian expansion of sweep arguments into the override lists of jobs (Hydra's BasicSweeper). */
import { ConfigError } from "../../errors.ts";
import { printValue } from "./print.ts";
import { type Dimension, type SweepContext, sweepDimension } from "./sweep-values.ts";
import { isSweepOverride, type Override, overrideKey } from "./value.ts";

/** Overrides of a sweep by key, in order of first appearance; the last value of a key counts. */
export interface SweepPlan {
  readonly keys: readonly string[];
  readonly dimensions: readonly Dimension[];
}

export function planSweep(overrides: readonly Override[], context: SweepContext): SweepPlan {
  const dimensions = new Map<string, Dimension>();
  for (const override of overrides) {
    const key = overrideKey(override);
    if (isSweepOverride(override)) {
      dimensions.set(key, sweepDimension(override, context));
    } else {
      const text = printValue(override.value);
      dimensions.set(key, { length: 1, textAt: () => text });
    }
  }
  return { keys: [...dimensions.keys()], dimensions: [...dimensions.values()] };
}

/** One axis of a product of jobs: some overrides that change together. */
export interface SweepAxis {
  readonly label: string;
  /** May be infinite. */
  readonly length: number;
  readonly overridesAt: (index: number) => readonly string[];
}

/** The axis of one key. */
export function axisOf(key: string, dimension: Dimension): SweepAxis {
  return { label: key, length: dimension.length, overridesAt: (index) => [`${key}=${dimension.textAt(index)}`] };
}

/**
 * Override lists of all jobs of a plan, the last dimension running fastest.
 * @throws {ConfigError} `sweep_too_large` before anything is listed, when there are more than `maxJobs`.
 */
export function listJobs(plan: SweepPlan, maxJobs: number): string[][] {
  return listProduct(
    plan.keys.map((key, i) => axisOf(key, plan.dimensions[i]!)),
    maxJobs,
  );
}

/** The same for any axes. */
export function listProduct(axes: readonly SweepAxis[], maxJobs: number): string[][] {
  const jobCount = axes.some(({ length }) => length === 0)
    ? 0
    : axes.reduce((product, { length }) => product * length, 1);
  if (jobCount > maxJobs) {
    const sizes = axes.filter(({ length }) => length !== 1).map(({ label, length }) => `${label}: ${length}`);
    const count = Number.isFinite(jobCount) ? `${jobCount} jobs` : "an endless number of jobs";
    throw new ConfigError("sweep_too_large", `The sweep has ${count}, the limit is ${maxJobs} (${sizes.join(", ")}).`, {
      hint: "Sweep over fewer values, or raise the limit.",
    });
  }
  const texts = axes.map(({ length, overridesAt }) =>
    Array.from({ length: jobCount === 0 ? 0 : length }, (_, index) => overridesAt(index)),
  );
  const jobs: string[][] = [];
  const position = texts.map(() => 0);
  for (let number = 0; number < jobCount; number++) {
    jobs.push(texts.flatMap((values, i) => values[position[i]!]!));
    for (let i = position.length - 1; i >= 0; i--) {
      position[i]!++;
      if (position[i]! < texts[i]!.length) break;
      position[i] = 0;
    }
  }
  return jobs;
}

/** Consecutive batches of at most `size` jobs, by job count. @throws {ConfigError} `bad_batch_size` */
export function batchSizes(jobCount: number, size: number | undefined): number[] {
  if (size !== undefined && !(Number.isInteger(size) && size > 0)) {
    throw new ConfigError("bad_batch_size", `hydra.sweeper.max_batch_size is ${size}; it must be a positive integer.`);
  }
  if (size === undefined) return [jobCount];
  const sizes: number[] = [];
  for (let rest = jobCount; rest > 0; rest -= size) sizes.push(Math.min(rest, size));
  return sizes;
}
