/** What two sets of runs were given that is not the same: configuration, input files, version. */
import type { Comparison } from "../../analysis/compare/comparison.ts";
import { type ConfigDifference, configDifferences, identifyingConfig } from "../../sweep/config-differences.ts";
import { REPETITION_KEY } from "../../sweep/swept-keys.ts";
import type { RecordedSide } from "./read-side.ts";

export interface InputDifferences {
  /** Each once, however many runs it concerns. */
  readonly config: readonly ConfigDifference[];
  /** Whether both sides recorded their configurations; otherwise only overrides are compared. */
  readonly isRecorded: boolean;
  /** Sentences: input files whose contents differ, another version. */
  readonly others: readonly string[];
}

/** Pairs whose recorded configurations are read: the points of a sweep seldom differ in other keys than its first ones. */
const READ_PAIRS = 20;

export function inputDifferences(a: RecordedSide, b: RecordedSide, comparison: Comparison): InputDifferences {
  const config = recordedDifferences(a, b, comparison) ?? plannedDifferences(a, b, comparison.keys);
  // A choice of a config group is no key of the configuration.
  const choices = comparison.overrides.filter(({ path }) => !config?.some((difference) => difference.path === path));
  return {
    config: [...choices, ...(config ?? [])],
    isRecorded: config !== undefined,
    others: [...versionDifference(a, b), ...fileDifferences(a, b)],
  };
}

/** Between paired runs that kept their configurations; undefined if there are none. */
function recordedDifferences(a: RecordedSide, b: RecordedSide, { points }: Comparison): ConfigDifference[] | undefined {
  const found = new Map<string, ConfigDifference>();
  let read = 0;
  for (const { pairs } of points.slice(0, READ_PAIRS)) {
    const [first] = pairs;
    const [configA, configB] = [a.configOf(first.a), b.configOf(first.b)];
    if (configA === undefined || configB === undefined) continue;
    read++;
    for (const difference of configDifferences(identifyingConfig(configA), identifyingConfig(configB))) {
      found.set(JSON.stringify(difference), difference);
    }
  }
  return read === 0 ? undefined : [...found.values()];
}

/** Between the first runs of two sweeps, which may be no pair: swept keys are left out. Undefined for single runs. */
function plannedDifferences(a: RecordedSide, b: RecordedSide, keys: readonly string[]): ConfigDifference[] | undefined {
  if (a.reference === undefined || b.reference === undefined) return undefined;
  const swept = [...keys, REPETITION_KEY];
  return configDifferences(a.reference.config, b.reference.config).filter(
    ({ path }) => !swept.some((key) => path === key || path.startsWith(`${key}.`)),
  );
}

function versionDifference(a: RecordedSide, b: RecordedSide): string[] {
  const [before, after] = [a.plan?.createdBy, b.plan?.createdBy];
  return before === after || before === undefined || after === undefined ? [] : [`planned by ${before} -> ${after}`];
}

/** Files of the same role and name whose contents differ. */
function fileDifferences(a: RecordedSide, b: RecordedSide): string[] {
  const known = new Map(a.reference?.files.map(({ role, path, sha256 }) => [`${role} '${path ?? ""}'`, sha256]));
  const changed = (b.reference?.files ?? []).flatMap(({ role, path, sha256 }) => {
    const name = `${role} '${path ?? ""}'`;
    const before = known.get(name);
    return before === undefined || before === sha256 ? [] : [`${name}: the contents differ`];
  });
  return [...new Set(changed)];
}
