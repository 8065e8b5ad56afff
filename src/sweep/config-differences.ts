/** What differs between two composed configurations. */
import { IGNORED_KEYS } from "./run-id.ts";

export interface ConfigDifference {
  /** Dotted. */
  readonly path: string;
  /** Undefined where one has no such key. */
  readonly a: unknown;
  readonly b: unknown;
}

/** The keys that results depend on. */
export function identifyingConfig(config: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config as Record<string, unknown>).filter(([key]) => !IGNORED_KEYS.has(key)),
  );
}

/** The outermost keys that only one has, and the leaves that are not the same in both. */
export function configDifferences(a: unknown, b: unknown, path = ""): ConfigDifference[] {
  if (isBranch(a) && isBranch(b) && Array.isArray(a) === Array.isArray(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) =>
      configDifferences(own(a, key), own(b, key), path === "" ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, a, b }];
}

const LONGEST_VALUE = 200;

/** As JSON, cut where it is long. */
export function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}...`;
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function own(branch: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(branch, key) ? branch[key] : undefined;
}
