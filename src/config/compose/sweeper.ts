/** A sweeper turns the configuration of a sweep into a list of jobs; `basicSweeper` is Hydra's cartesian product. */
import { batchSizes, listJobs, planSweep } from "../override/expand.ts";
import { parseOverrides } from "../override/parse-overrides.ts";
import type { SweepContext } from "../override/sweep-values.ts";
import { overrideKey } from "../override/value.ts";
import { keyText } from "../tree/path.ts";
import { pythonText } from "../tree/python-repr.ts";
import type { Composition } from "./composition.ts";

export interface SweeperContext extends SweepContext {
  readonly maxJobs: number;
}

export interface SweptJobs {
  /** The overrides from which the jobs were made. */
  readonly sweepArguments: readonly string[];
  /** Keys whose value differs between jobs. */
  readonly sweptKeys: readonly string[];
  /** Keys (`~key`) that the command line deletes without naming a value; see `ComposeContext.bareDeletions`. */
  readonly bareDeletions: ReadonlySet<string>;
  /** Task overrides of each job, in the order of the job numbers. */
  readonly jobs: readonly (readonly string[])[];
  /** Sizes of the consecutive batches that are launched one after the other. */
  readonly batches: readonly number[];
}

/**
 * From the master configuration to the jobs. A sweeper decides nothing by chance or clock: the same configuration has
 * the same jobs in the same order. It lists no job when there would be more than `maxJobs`.
 */
export type Sweeper = (master: Composition, context: SweeperContext) => SweptJobs;

/**
 * The product of all dimensions: `hydra.sweeper.params` first, then the task overrides, the last running fastest.
 * @throws {OverrideError}
 * @throws {ConfigError} `sweep_too_large`, `unsupported_sweep_type`, `invalid_range`, `bad_batch_size`.
 */
export const basicSweeper: Sweeper = (master, context) => {
  const sweepArguments = [...sweeperParams(master), ...master.taskOverrides];
  const overrides = parseOverrides(sweepArguments);
  const plan = planSweep(overrides, context);
  const jobs = listJobs(plan, context.maxJobs);
  return {
    sweepArguments,
    sweptKeys: plan.keys.filter((_, index) => plan.dimensions[index]!.length > 1),
    bareDeletions: new Set(overrides.filter((override) => override.valueKind === undefined).map(overrideKey)),
    jobs,
    batches: batchSizes(jobs.length, maxBatchSize(master)),
  };
};

/** `hydra.sweeper.params` as overrides, resolved once on the master configuration. */
export function sweeperParams(master: Composition): string[] {
  const params = master.resolvedAt("hydra.sweeper.params");
  if (params?.kind !== "map") return [];
  return [...params.entries].map(([key, value]) => `${keyText(key)}=${pythonText(value)}`);
}

/** `hydra.sweeper.max_batch_size`; undefined if it is not set. */
export function maxBatchSize(master: Composition): number | undefined {
  const size = master.resolvedAt("hydra.sweeper.max_batch_size");
  if (size?.kind !== "scalar" || size.value.type === "null") return undefined;
  return size.value.type === "int" ? Number(size.value.value) : Number.NaN;
}
