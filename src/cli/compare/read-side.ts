/** Reads a finished sweep, or a single run, as one side of a comparison. Changes nothing. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Side, SideRun } from "../../analysis/compare/side.ts";
import { isPlainMap, type PlainValue, readYaml } from "../../config/index.ts";
import { SweepError } from "../../errors.ts";
import { fileError } from "../../results/durable-files.ts";
import { readMarker } from "../../results/shard-marker.ts";
import { inspectSweep, sweepRows } from "../../sweep/inspect-sweep.ts";
import type { SweepPlan } from "../../sweep/plan.ts";
import { holdsSweep, outputDirOf } from "../../sweep/sweep-directory.ts";
import { overrideValues } from "../../sweep/swept-keys.ts";
import { displayPath } from "../display-path.ts";
import type { PlanReference } from "../plan-reference.ts";

export interface RecordedSide extends Side {
  readonly directory: string;
  /** Of a sweep. */
  readonly plan: SweepPlan | undefined;
  /** What the plan remembers of the first run's inputs. */
  readonly reference: PlanReference | undefined;
  /** The configuration that the run recorded, interpolations as they are; undefined if it kept no files. */
  configOf(run: SideRun): PlainValue | undefined;
}

/** Errors: SweepError `SWEEP` if there is neither a sweep nor a run. */
export async function readSide(directory: string): Promise<RecordedSide> {
  return holdsSweep(directory) ? readSweep(directory) : readRun(directory);
}

async function readSweep(directory: string): Promise<RecordedSide> {
  const state = await inspectSweep(directory, { depth: "markers" });
  const { plan } = state;
  const entries = new Map(plan.entries.map((entry) => [entry.number, entry]));
  const reference = referenceOf(plan);
  const hydra = lazy(() => readIfThere(join(directory, "multirun.yaml")));
  const recordedOf = ({ number }: SideRun, file: string) => {
    const entry = entries.get(number);
    return entry && readIfThere(join(outputDirOf(directory, entry), ".hydra", file));
  };
  const firstOverrides = overrideValues(plan.entries[0]?.overrides ?? []);
  return {
    directory,
    plan,
    reference,
    runs: sweepRows(state).map(({ entry, status, metrics }) => ({
      number: entry.number,
      overrides: entry.overrides,
      status,
      metrics,
    })),
    defaultValue(key, run) {
      // The reference is the first run's configuration, and no default where that run overrides the key.
      if (!firstOverrides.has(key)) return choiceIn(hydra(), key) ?? leafText(reference?.config as PlainValue, key);
      if (run === undefined) return undefined;
      return choiceIn(recordedOf(run, "hydra.yaml"), key) ?? leafText(recordedOf(run, "config.yaml"), key);
    },
    configOf: (run) => recordedOf(run, "config.yaml"),
  };
}

function readRun(directory: string): RecordedSide {
  const marker = readMarker(directory);
  if (marker === undefined) {
    throw new SweepError("SWEEP", `'${displayPath(directory)}' holds neither a sweep nor a complete run.`, {
      hint: "Name the folder of a sweep (with plan.jsonl) or of a run (with shard.json).",
    });
  }
  if (typeof marker === "string") {
    throw new SweepError("SWEEP", `'${displayPath(directory)}': the run is damaged: ${marker}`);
  }
  const file = (name: string) => readIfThere(join(directory, ".hydra", name));
  const [config, hydra] = [lazy(() => file("config.yaml")), lazy(() => file("hydra.yaml"))];
  const recorded = file("overrides.yaml");
  const overrides = Array.isArray(recorded) ? recorded.map(String) : [];
  return {
    directory,
    plan: undefined,
    reference: undefined,
    runs: [{ number: 0, overrides, status: "done", metrics: marker.metrics }],
    defaultValue: (key) => choiceIn(hydra(), key) ?? leafText(config(), key),
    configOf: config,
  };
}

/** Plans may come from anybody. */
function referenceOf({ context }: SweepPlan): PlanReference | undefined {
  const reference: unknown = isPlainMap(context as PlainValue)
    ? (context as { reference?: unknown }).reference
    : undefined;
  if (!isPlainMap(reference as PlainValue)) return undefined;
  const { config, files } = reference as { config?: unknown; files?: unknown };
  return isPlainMap(config as PlainValue) && Array.isArray(files) ? (reference as PlanReference) : undefined;
}

/** The option that a config group has, in Hydra's own node. */
function choiceIn(hydra: PlainValue | undefined, group: string): string | undefined {
  const choices = ["hydra", "runtime", "choices"].reduce((node, key) => childOf(node, key), hydra);
  const choice = childOf(choices, group);
  return typeof choice === "string" ? choice : undefined;
}

function leafText(config: PlainValue | undefined, key: string): string | undefined {
  const leaf = key.split(".").reduce((node, part) => childOf(node, part), config);
  return leaf === undefined || leaf === null || typeof leaf === "object" ? undefined : String(leaf);
}

function childOf(node: PlainValue | undefined, key: string): PlainValue | undefined {
  if (Array.isArray(node)) return /^\d+$/.test(key) ? node[Number(key)] : undefined;
  return isPlainMap(node) && Object.hasOwn(node, key) ? (node as Record<string, PlainValue>)[key] : undefined;
}

function readIfThere(path: string): PlainValue | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readYaml(readFileSync(path, "utf8"), path).value as PlainValue;
  } catch (error) {
    if (error instanceof SweepError) throw error;
    throw fileError(`cannot read '${displayPath(path)}'`, error);
  }
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
