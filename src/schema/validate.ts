/** Checks composed configurations and repository items against the compiled schemas, all mistakes at once. */
import { createRequire } from "node:module";
import type { ErrorObject } from "ajv";
import { suggest } from "../config/index.ts";
import { ConfigError, type SourcePosition, throwTogether } from "../errors.ts";
import type { schemas } from "./run-config.schema.ts";

export type Validator = ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };

export type ItemKind = Exclude<keyof typeof schemas, "runConfig">;

const require = createRequire(import.meta.url);
// Made by scripts/compile-validators.js. Tests run the sources, and find it in the build.
const validators: Record<keyof typeof schemas, Validator> = require(
  import.meta.url.endsWith(".ts") ? "../../dist/schema/validators.cjs" : "../schema/validators.cjs",
);

/** Where in the user's input the value at a path comes from; a parent's origin serves for a key that is not there. */
export type Locate = (path: string) => SourcePosition & { readonly override?: string };

/** Throws one ConfigError (code SCHEMA) that holds all mistakes of a resolved configuration. */
export function validateRunConfig(config: unknown, locate: Locate): void {
  validateBy(validators.runConfig, config, locate);
}

/** The same for an item of a repository. */
export function validateItem(kind: ItemKind, value: unknown, locate: Locate): void {
  validateBy(validators[kind], value, locate);
}

/** The same by any compiled schema, whose errors are all listed and verbose. `at` is the path of the value. */
export function validateBy(validator: Validator, value: unknown, locate: Locate, at = ""): void {
  if (validator(value)) return;
  throwTogether((validator.errors ?? []).map((error) => toConfigError(error, locate, at)));
}

function toConfigError(error: ErrorObject, locate: Locate, at: string): ConfigError {
  const parent = error.instancePath.slice(1).replaceAll("/", ".");
  const { label, message, key, ...explanation } = explain(error);
  const path = [at, parent, key].filter((part) => part !== undefined && part !== "").join(".");
  const hint = explanation.hint ?? (label === "missing_key" && path === key ? DELETED_HINT : undefined);
  const origin = locate(path);
  const blamed = origin.override === undefined ? "" : ` (set by the override '${origin.override}')`;
  return new ConfigError(label, `${path === "" ? "The configuration" : path}: ${message}${blamed}.`, {
    code: "SCHEMA",
    position: origin,
    path,
    hint,
  });
}

/** Most keys of the whole configuration are config groups. */
const DELETED_HINT =
  "Was it deleted, or the choice of a config group left empty? `sweep --info defaults` lists what is chosen.";

interface Explanation {
  readonly label: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly key?: string;
}

function explain(error: ErrorObject): Explanation {
  const found = `found ${JSON.stringify(error.data)}`;
  switch (error.keyword) {
    case "additionalProperties": {
      const key: string = error.params.additionalProperty;
      const known = Object.keys(error.parentSchema?.properties ?? {});
      return { label: "unknown_key", message: "unknown key", key, hint: didYouMean(key, known) };
    }
    case "required":
      return { label: "missing_key", message: "required key is missing", key: error.params.missingProperty };
    case "discriminator": {
      const known: string[] = error.parentSchema?.knownTargets ?? [];
      const target = String(error.params.tagValue);
      return {
        label: "unknown_target",
        message: `nothing is registered as '${target}'`,
        key: "_target_",
        hint: didYouMean(target, known),
      };
    }
    case "enum": {
      const known: string[] = error.params.allowedValues;
      return {
        label: "invalid_value",
        message: `${found}, expected one of ${known.join(", ")}`,
        hint: typeof error.data === "string" ? didYouMean(error.data, known, false) : undefined,
      };
    }
    case "type":
      return {
        label: "wrong_type",
        message: `found ${shown(error.data)}, expected ${[error.params.type].flat().join(" or ")}`,
        hint: needsQuotes(error)
          ? `Quote it twice to make it text, once for the shell: "KEY='${error.data}'".`
          : undefined,
      };
    default:
      return { label: "invalid_value", message: `${found}, ${error.message?.replace(/^must/, "expected to")}` };
  }
}

/** JSON would call a number that is none null. */
function shown(value: unknown): string {
  return typeof value === "number" ? String(value).toLowerCase() : JSON.stringify(value);
}

function needsQuotes({ data, params }: ErrorObject): boolean {
  return (typeof data === "number" || typeof data === "boolean") && [params.type].flat().includes("string");
}

function didYouMean(name: string, known: readonly string[], listAll = true): string | undefined {
  const near = suggest(name, known);
  if (near.length > 0) return `Did you mean ${near.map((candidate) => `'${candidate}'`).join(" or ")}?`;
  return listAll ? `Known: ${[...known].sort().join(", ")}.` : undefined;
}
