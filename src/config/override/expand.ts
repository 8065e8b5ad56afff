/** Cartesian expansion of sweep arguments into the override lists of jobs (Hydra's BasicSweeper). */
import { ConfigError } from "../../errors.ts";
import { printValue } from "./print.ts";
import { type Dimension, type SweepContext, sweepDimension } from "./sweep-values.ts";
import { isSweepOverride, type Override, overrideKey } from "./value.ts";

/** Overrides of a sweep by key, in order of first appearance; the last value of a key counts. */
export interface SweepPlan {
  readonly keys: readonly string[];
  readonly dimensions: readonly Dimension[];
  /** Product of the dimensions; may be infinite. */
  readonly jobCount: number;
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
  const list = [...dimensions.values()];
  const empty = list.some((dimension) => dimension.length === 0);
  const jobCount = empty ? 0 : list.reduce((product, dimension) => product * dimension.length, 1);
  return { keys: [...dimensions.keys()], dimensions: list, jobCount };
}

/**
 * Override lists of all jobs, the last dimension running fastest.
 * @throws {ConfigError} `sweep_too_large` before anything is listed, when there are more than `maxJobs`.
 */
export function listJobs(plan: SweepPlan, maxJobs: number): string[][] {
  if (plan.jobCount > maxJobs) {
    const sizes = plan.keys
      .map((key, i) => `${key}: ${plan.dimensions[i]!.length}`)
      .filter((size) => !size.endsWith(": 1"));
    const count = Number.isFinite(plan.jobCount) ? `${plan.jobCount} jobs` : "an endless number of jobs";
    throw new ConfigError("sweep_too_large", `The sweep has ${count}, the limit is ${maxJobs} (${sizes.join(", ")}).`, {
      hint: "Sweep over fewer values, or raise the limit.",
    });
  }
  const texts = plan.keys.map((key, i) => {
    const dimension = plan.dimensions[i]!;
    return Array.from(
      { length: plan.jobCount === 0 ? 0 : dimension.length },
      (_, j) => `${key}=${dimension.textAt(j)}`,
    );
  });
  const jobs: string[][] = [];
  const position = texts.map(() => 0);
  for (let number = 0; number < plan.jobCount; number++) {
    jobs.push(texts.map((values, i) => values[position[i]!]!));
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
