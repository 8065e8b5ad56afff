/** Reads VllmSimulator's profiles, which are untrusted: interval texts are parsed, never evaluated. */
import { ConfigError, SweepError, throwTogether } from "../../errors.ts";
import { type ProfileCurve, type ProfileFile, type ProfileLine, type ProfileScalars, SCALARS } from "./profile-file.ts";

const TEXTS: ReadonlySet<string> = new Set(["model", "model_name"]);
/** Keys that may be 0. */
const FROM_ZERO: ReadonlySet<string> = new Set(["num_watermark_blocks"]);
const INTERVAL = /^\((\d+), ?(\d+)\)$/;
const SHOWN_MISTAKES = 20;

/** A profile with both curves, or a single curve. Errors: ConfigError `profile`, for every mistake. */
export function readProfileFile(text: string, file: string): ProfileFile | ProfileCurve {
  const errors: ConfigError[] = [];
  const reader = new ProfileReader(file, errors);
  const value = reader.parse(text);
  const isProfile = Object.hasOwn(value, "cuda_profile") || Object.hasOwn(value, "no_cuda_profile");
  const profile = isProfile
    ? {
        ...reader.scalars(value, ""),
        cuda_profile: reader.curve(reader.object(value, "cuda_profile", ""), "cuda_profile."),
        no_cuda_profile: reader.curve(reader.object(value, "no_cuda_profile", ""), "no_cuda_profile."),
      }
    : reader.curve(value, "");
  throwTogether(errors.slice(0, SHOWN_MISTAKES));
  return profile;
}

export function hasBothCurves(profile: ProfileFile | ProfileCurve): profile is ProfileFile {
  return "cuda_profile" in profile;
}

/** Errors: SweepError `USAGE` for a file with both curves. */
export function readCurveFile(text: string, file: string): ProfileCurve {
  const profile = readProfileFile(text, file);
  if (!hasBothCurves(profile)) return profile;
  throw new SweepError("USAGE", `'${file}' has both curves already.`, { hint: "A single curve is expected." });
}

/** Ends of an interval from its text, such as `(1, 51)`; undefined for any other text. */
export function parseInterval(text: string): { readonly start: number; readonly end: number } | undefined {
  const [, start, end] = INTERVAL.exec(text) ?? [];
  return start === undefined ? undefined : { start: Number(start), end: Number(end) };
}

type JsonObject = Readonly<Record<string, unknown>>;

class ProfileReader {
  readonly #file: string;
  readonly #errors: ConfigError[];

  constructor(file: string, errors: ConfigError[]) {
    this.#file = file;
    this.#errors = errors;
  }

  parse(text: string): JsonObject {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new ConfigError("profile", `The profile is no JSON: ${(error as Error).message}.`, {
        position: { file: this.#file },
        cause: error,
      });
    }
    if (isObject(value)) return value;
    throw new ConfigError("profile", "The profile is no JSON object.", { position: { file: this.#file } });
  }

  /** Empty after a mistake. */
  object(parent: JsonObject, key: string, at: string): JsonObject {
    const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (isObject(value)) return value;
    this.#mistake(`${at}${key} is ${value === undefined ? "missing" : "no object"}.`);
    return {};
  }

  scalars(object: JsonObject, at: string): ProfileScalars {
    const entries = SCALARS.map((key) => {
      const value = Object.hasOwn(object, key) ? object[key] : undefined;
      const isText = TEXTS.has(key);
      const least = FROM_ZERO.has(key) ? 0 : 1;
      const isValid = isText ? typeof value === "string" : Number.isSafeInteger(value) && (value as number) >= least;
      if (!isValid) {
        const found = value === undefined ? "missing" : JSON.stringify(value).slice(0, 40);
        this.#mistake(`${at}${key} is ${found}, expected ${isText ? "text" : `an integer of at least ${least}`}.`);
      }
      return [key, value];
    });
    return Object.fromEntries(entries);
  }

  curve(object: JsonObject, at: string): ProfileCurve {
    const usesCuda = Object.hasOwn(object, "uses_cuda") ? object.uses_cuda : undefined;
    if (typeof usesCuda !== "boolean") this.#mistake(`${at}uses_cuda is not true or false.`);
    const intervals = Object.entries(this.object(object, "intervals", at)).map(([text, line]) => {
      const place = `${at}intervals['${text.slice(0, 40)}']`;
      if (parseInterval(text) === undefined) this.#mistake(`${place}: expected a key such as '(1, 51)'.`);
      return [text, this.#line(line, place)] as const;
    });
    if (intervals.length === 0) this.#mistake(`${at}intervals is empty.`);
    return { ...this.scalars(object, at), uses_cuda: usesCuda === true, intervals: Object.fromEntries(intervals) };
  }

  #line(value: unknown, place: string): ProfileLine {
    const [slope, intercept] = isObject(value) ? [value.slope, value.intercept] : [];
    if (Number.isFinite(slope) && Number.isFinite(intercept)) {
      return { slope: slope as number, intercept: intercept as number };
    }
    this.#mistake(`${place}: expected numbers slope and intercept.`);
    return { slope: 0, intercept: 0 };
  }

  #mistake(message: string): void {
    this.#errors.push(new ConfigError("profile", message, { position: { file: this.#file } }));
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
