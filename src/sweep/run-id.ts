/** The identity of a run: a hash of all that its results depend on, and of nothing else. */
import { createHash } from "node:crypto";
import { invariant } from "../errors.ts";
import { RESULT_FORMAT_VERSION } from "../results/format-version.ts";

/** A file that the run reads, such as its trace: the part it plays and the SHA-256 of its bytes. */
export interface FileFingerprint {
  readonly role: string;
  /** As the configuration names it; no part of the identity. */
  readonly path?: string;
  readonly sha256: string;
}

/** Keys of the resolved config that say where and how results are kept and named, not what they are. */
export const IGNORED_KEYS: ReadonlySet<string> = new Set(["hydra", "output_dir", "results", "choices", "labels"]);

/** Sixteen hexadecimal digits. The same run has the same id wherever its config comes from and its results go. */
export function runId(resolvedConfig: unknown, fileFingerprints: readonly FileFingerprint[]): string {
  invariant(isPlainObject(resolvedConfig), "a resolved config is not an object");
  const config = new Map(Object.entries(resolvedConfig).filter(([key]) => !IGNORED_KEYS.has(key)));
  const files = fileFingerprints.map(({ role, sha256 }) => canonicalJson([role, sha256])).sort();
  const identity = `{"config":${canonicalJson(config)},"files":[${files.join(",")}],"format":${RESULT_FORMAT_VERSION}}`;
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}

/**
 * JSON without white space, keys in the order of their UTF-16 code units. Numbers that JSON lacks print as JavaScript
 * spells them, and so differ from every string.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  invariant(value instanceof Map || isPlainObject(value), `a ${typeof value} cannot be part of a resolved config`);
  const known = knownTexts.get(value);
  if (known !== undefined) return known;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const members = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  const text = `{${members.join(",")}}`;
  if (Object.isFrozen(value) && !(value instanceof Map)) knownTexts.set(value, text);
  return text;
}

/** The configurations of a sweep's runs share most of their parts, which are frozen. */
const knownTexts = new WeakMap<object, string>();

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
