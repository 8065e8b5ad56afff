/**
 * SplitwiseSim's own configurations, unmodified. An application of the class `application.Application` implies
 * compat=splitwise: the keys that such a configuration lacks come from ours, composed with that choice (or with the
 * choice `+compat=none`).
 */
import { type Composer, isPlainMap, type PlainMap, type PlainValue } from "../config/index.ts";
import { openWorkspace } from "./workspace.ts";

/** Nodes that the original has less of, or not at all: what it has wins key by key. */
const COMPLETED_NODES = ["compat", "simulation", "engine", "kv_links", "results", "start_state", "trace"] as const;

let shipped: Composer | undefined;

export function isSplitwiseConfig(resolved: PlainValue): resolved is PlainMap {
  if (!isPlainMap(resolved) || !Array.isArray(resolved.applications)) return false;
  return resolved.applications.some((node) => isPlainMap(node) && node._target_ === "application.Application");
}

/** The configuration with every setting that a run needs. A configuration of ours, which has them all, stays as it is. */
export function completeSplitwiseConfig(resolved: PlainMap): PlainMap {
  const ours = ourSettings(resolved);
  const completed = COMPLETED_NODES.map((key) => [key, merged(ours[key], resolved[key])] as const);
  return { ...resolved, ...Object.fromEntries(completed) };
}

export const IMPLIED_COMPAT_NOTE =
  "applications of the class application.Application imply compat=splitwise; +compat=none is the corrected simulator";

/** Whether the configuration leaves the choice of `compat` to the class of its applications. */
export function impliesCompat({ compat }: PlainMap): boolean {
  return !isPlainMap(compat) || compat.name === undefined;
}

function isCorrected({ compat }: PlainMap): boolean {
  return isPlainMap(compat) && compat.name === "none";
}

/** Where a sweep goes whose configuration leaves `hydra.sweep.dir` empty, as the original does. */
export function defaultSweepDir(): string {
  return String(shippedComposer().compose([], { mode: "multirun" }).hydraResolved("sweep.dir"));
}

function shippedComposer(): Composer {
  shipped ??= openWorkspace({}).composer;
  return shipped;
}

function ourSettings(resolved: PlainMap): PlainMap {
  const { seed, start_state } = resolved;
  const overrides = [
    `compat=${isCorrected(resolved) ? "none" : "splitwise"}`,
    `start_state=${startStateLike(start_state)}`,
    "trace=test_trace",
    ...(Number.isSafeInteger(seed) ? [`seed=${seed}`] : []),
  ];
  return shippedComposer().compose(overrides, { mode: "run" }).resolved() as PlainMap;
}

/** Our option that has all keys of a start state of this type. */
function startStateLike(startState: PlainValue | undefined): string {
  const type = isPlainMap(startState) ? startState.state_type : undefined;
  if (type === "orca" || type === "baseline" || type === "unallocated") return type;
  return "splitwise";
}

function merged(base: PlainValue | undefined, over: PlainValue | undefined): PlainValue {
  if (over === undefined) return base ?? null;
  if (!isPlainMap(base) || !isPlainMap(over)) return over;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.map((key) => [key, Object.hasOwn(over, key) ? merged(base[key], over[key]) : base[key]]),
  );
}
