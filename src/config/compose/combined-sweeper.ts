/**
 * Hydra's product of dimensions, with two kinds of dimension more: keys that advance together (`hydra.sweeper.zip`), and
 * listed points (`hydra.sweeper.points`).
 */
import { ConfigError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import { axisOf, batchSizes, listProduct, planSweep, type SweepAxis, type SweepPlan } from "../override/expand.ts";
import { parseOverrides } from "../override/parse-overrides.ts";
import { overrideKey } from "../override/value.ts";
import type { PlainValue } from "../values/plain.ts";
import { isPlainMap } from "../values/plain.ts";
import type { Composition } from "./composition.ts";
import { maxBatchSize, type Sweeper, sweeperParams } from "./sweeper.ts";

/**
 * The points run slowest, then the dimensions in order of first appearance, a zipped group where its first key stands.
 * @throws {ConfigError} `bad_zip`, `bad_points`, and what `basicSweeper` throws.
 */
export const combinedSweeper: Sweeper = (master, context) => {
  const sweepArguments = [...sweeperParams(master), ...master.taskOverrides];
  const overrides = parseOverrides(sweepArguments);
  const plan = planSweep(overrides, context);
  const points = pointsAxis(master, plan.keys);
  const axes = [...(points === undefined ? [] : [points]), ...zippedAxes(plan, zipGroups(master))];
  const jobs = listProduct(axes, context.maxJobs);
  return {
    sweepArguments,
    sweptKeys: [
      ...(points === undefined || points.length < 2 ? [] : points.keys),
      ...plan.keys.filter((_, index) => plan.dimensions[index]!.length > 1),
    ],
    bareDeletions: new Set(overrides.filter((override) => override.valueKind === undefined).map(overrideKey)),
    jobs,
    batches: batchSizes(jobs.length, maxBatchSize(master)),
  };
};

function zipGroups(master: Composition): string[][] {
  const zip = master.select("hydra.sweeper.zip") ?? null;
  if (zip === null) return [];
  const groups = Array.isArray(zip) ? zip : [];
  const isKeys = (group: PlainValue): group is readonly string[] =>
    Array.isArray(group) && group.every((key) => typeof key === "string");
  if (!Array.isArray(zip) || !groups.every(isKeys)) {
    throw new ConfigError("bad_zip", "hydra.sweeper.zip must be a list of lists of swept keys.", {
      path: "hydra.sweeper.zip",
      hint: "For example hydra.sweeper.zip=[[seed,trace.rate]].",
    });
  }
  return groups.map((group) => [...group]);
}

function zippedAxes(plan: SweepPlan, groups: readonly (readonly string[])[]): SweepAxis[] {
  const groupOf = new Map<string, readonly string[]>();
  for (const key of groups.flat()) {
    if (!plan.keys.includes(key)) {
      throw badZip(`'${key}' is zipped, and the sweep has no such key`, didYouMean(key, plan.keys));
    }
    if (groupOf.has(key)) throw badZip(`'${key}' is zipped twice`);
    groupOf.set(key, groups.find((group) => group.includes(key))!);
  }
  const axes: SweepAxis[] = [];
  plan.keys.forEach((key, index) => {
    const group = groupOf.get(key);
    if (group === undefined) axes.push(axisOf(key, plan.dimensions[index]!));
    else if (plan.keys.find((candidate) => groupOf.get(candidate) === group) === key) axes.push(zipped(group, plan));
  });
  return axes;
}

function zipped(group: readonly string[], plan: SweepPlan): SweepAxis {
  const members = group.map((key) => axisOf(key, plan.dimensions[plan.keys.indexOf(key)]!));
  const { length } = members[0]!;
  if (members.some((member) => member.length !== length)) {
    const lengths = members.map((member) => `${member.label} has ${member.length}`).join(", ");
    throw badZip(`zipped keys need equally many values: ${lengths}`);
  }
  return {
    label: group.join(" with "),
    length,
    overridesAt: (index) => members.flatMap((member) => member.overridesAt(index)),
  };
}

function badZip(found: string, hint?: string): ConfigError {
  return new ConfigError("bad_zip", `In hydra.sweeper.zip: ${found}.`, { path: "hydra.sweeper.zip", hint });
}

interface PointsAxis extends SweepAxis {
  readonly keys: readonly string[];
}

function pointsAxis(master: Composition, sweptKeys: readonly string[]): PointsAxis | undefined {
  const points = master.select("hydra.sweeper.points") ?? null;
  if (points === null) return undefined;
  if (!Array.isArray(points) || !points.every(isPlainMap)) {
    throw badPoints("expected a list of mappings from keys to values");
  }
  const keys = [...new Set(points.flatMap((point) => Object.keys(point)))];
  const doubled = keys.find((key) => sweptKeys.includes(key));
  if (doubled !== undefined) throw badPoints(`'${doubled}' is given by the points and by an override`);
  const overrides = points.map((point) => Object.entries(point).map(([key, value]) => `${key}=${overrideText(value)}`));
  return { label: "points", keys, length: points.length, overridesAt: (index) => overrides[index]! };
}

function badPoints(found: string): ConfigError {
  return new ConfigError("bad_points", `In hydra.sweeper.points: ${found}.`, {
    path: "hydra.sweeper.points",
    hint: "For example points: [{cluster: dgx-a100, trace.rate: 4}, {cluster: dgx-h100, trace.rate: 9}].",
  });
}

/** Text that the override grammar reads back as the value. */
function overrideText(value: PlainValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return quotedIfNeeded(value);
  if (Array.isArray(value)) return `[${value.map(overrideText).join(",")}]`;
  if (isPlainMap(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}:${overrideText(item)}`)
      .join(",")}}`;
  }
  return String(value);
}

function quotedIfNeeded(text: string): string {
  if (/^[A-Za-z_][\w./-]*$/.test(text) && !/^(true|false|null|inf|nan)$/i.test(text)) return text;
  // Backslashes count only before a quote.
  return `'${text.replace(/(\\*)'/g, "$1$1\\'").replace(/(\\+)$/, "$1$1")}'`;
}
