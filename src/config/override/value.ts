/** Values of overrides, as the override grammar types them. */
import { encodeKey } from "../tree/node.ts";
import type { Scalar } from "../values/scalar.ts";

export type Quote = "single" | "double";

export interface TextElement {
  readonly type: "str";
  readonly value: string;
  /** How it was quoted; quotes survive when a sweep writes the override of a job. */
  readonly quote?: Quote;
}

export interface ListElement {
  readonly type: "list";
  readonly items: readonly OverrideValue[];
}

export interface DictElement {
  readonly type: "dict";
  /** Unique keys, in order of first appearance. */
  readonly entries: readonly (readonly [Scalar, OverrideValue])[];
}

/** `extend_list(...)`. */
export interface ListExtension {
  readonly type: "list_extension";
  readonly items: readonly OverrideValue[];
}

export type NumberElement = Extract<Scalar, { type: "int" | "float" | "bool" }>;

/** `a,b` (simple form) or `choice(a,b)`. */
export interface ChoiceSweep {
  readonly type: "choice_sweep";
  readonly simpleForm: boolean;
  readonly shuffle: boolean;
  readonly tags: readonly string[];
  readonly list: readonly OverrideValue[];
}

/** `range(start,stop,step)`; `stop` is exclusive. */
export interface RangeSweep {
  readonly type: "range_sweep";
  readonly shuffle: boolean;
  readonly tags: readonly string[];
  readonly start: NumberElement;
  readonly stop: NumberElement;
  readonly step: NumberElement;
}

/** `interval(start,end)`: continuous, for sweepers that sample. */
export interface IntervalSweep {
  readonly type: "interval_sweep";
  readonly tags: readonly string[];
  readonly start: NumberElement;
  readonly end: NumberElement;
}

/** `glob(include,exclude)` over the options of a group. */
export interface GlobSweep {
  readonly type: "glob";
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export type Sweep = ChoiceSweep | RangeSweep | IntervalSweep | GlobSweep;
export type ScalarElement = Exclude<Scalar, { type: "str" }> | TextElement;
export type OverrideValue = ScalarElement | ListElement | DictElement | ListExtension | Sweep;

export type OverrideType = "change" | "add" | "force_add" | "del" | "extend_list";
export type OverrideValueKind =
  | "element"
  | "choice_sweep"
  | "simple_choice_sweep"
  | "glob_choice_sweep"
  | "range_sweep"
  | "interval_sweep";

/** One parsed override: `[+|++|~]key[@package]=value`. */
export interface Override {
  readonly type: OverrideType;
  /** A config group (`a/b`) or a dotted path (`a.b`). */
  readonly key: string;
  readonly package: string | undefined;
  /** `undefined` for `~key` without a value. */
  readonly valueKind: OverrideValueKind | undefined;
  readonly value: OverrideValue;
  /** The override as it was written. */
  readonly text: string;
}

const PREFIX: Record<OverrideType, string> = { change: "", add: "+", force_add: "++", del: "~", extend_list: "" };

/** The part left of `=`: prefix, key and package. */
export function overrideKey(override: Override): string {
  const place = override.package === undefined ? override.key : `${override.key}@${override.package}`;
  return PREFIX[override.type] + place;
}

export function isSweepOverride(override: Override): boolean {
  return override.valueKind !== undefined && override.valueKind !== "element";
}

/** Whether an override concerns the `hydra` node, which is constant during a sweep. */
export function isHydraOverride(override: Override): boolean {
  return override.key.startsWith("hydra.") || override.key.startsWith("hydra/");
}

export function isSweep(value: OverrideValue): value is Sweep {
  switch (value.type) {
    case "choice_sweep":
    case "range_sweep":
    case "interval_sweep":
    case "glob":
      return true;
    default:
      return false;
  }
}

export function isScalarElement(value: OverrideValue): value is ScalarElement {
  switch (value.type) {
    case "null":
    case "bool":
    case "int":
    case "float":
    case "str":
      return true;
    default:
      return false;
  }
}

/** A dict of pairs in which a repeated key keeps its first place and its last value. */
export function dictElement(pairs: readonly (readonly [Scalar, OverrideValue])[]): DictElement {
  const unique = new Map<string, readonly [Scalar, OverrideValue]>();
  for (const pair of pairs) unique.set(encodeKey(pair[0]), pair);
  return { type: "dict", entries: [...unique.values()] };
}
