/** Reads a profile in VllmSimulator's JSON format. Its tuple keys are parsed, never evaluated. */
import { ConfigError, throwTogether } from "../errors.ts";
import type {
  Profile,
  ProfileCurve,
  ProfileInterval,
  ProfileScalars,
  SingleCurve,
} from "../sim/performance/profile/profile.ts";

const TEXTS = ["model", "model_name"] as const;
const COUNTS = [
  "block_size",
  "num_gpu_blocks",
  "num_watermark_blocks",
  "max_num_batched_tokens",
  "max_model_len",
  "max_num_seqs",
  "input_token_upper_limit",
] as const;
/** `(0, 51)`: start and end of an interval in tokens. */
const INTERVAL_KEY = /^\(\s*(\d{1,15})\s*,\s*(\d{1,15})\s*\)$/;

type Mapping = Readonly<Record<string, unknown>>;

/** Errors: ConfigError `profile`, all of them at once, each with the path of its key. */
export function readProfile(text: string, file: string): Profile {
  return read(text, file, (reader, value) => reader.profile(value));
}

/** A file of a single curve. Errors: as `readProfile`. */
export function readSingleCurve(text: string, file: string): SingleCurve {
  return read(text, file, (reader, value) => reader.singleCurve(value));
}

/** Whether the text of a profile has a single curve; what is no JSON object has none. */
export function isSingleCurve(text: string): boolean {
  try {
    return Object.hasOwn(JSON.parse(text) ?? {}, "intervals");
  } catch {
    return false;
  }
}

function read<Result>(text: string, file: string, get: (reader: ProfileReader, value: unknown) => Result): Result {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError("profile", `The profile is no JSON: ${(error as Error).message}.`, { position: { file } });
  }
  const reader = new ProfileReader(file);
  const result = get(reader, value);
  throwTogether(reader.errors);
  return result;
}

class ProfileReader {
  readonly errors: ConfigError[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  profile(value: unknown): Profile {
    const top = this.#mapping(value, "");
    const prefill = this.#mapping(get(top, "no_cuda_profile"), "no_cuda_profile");
    const decode = this.#mapping(get(top, "cuda_profile"), "cuda_profile");
    const scalars = this.#scalars(top, "");
    for (const [name, curve, usesCuda] of [
      ["no_cuda_profile", prefill, false],
      ["cuda_profile", decode, true],
    ] as const) {
      this.#checkAgrees(scalars, this.#scalars(curve, `${name}.`), name);
      const found = get(curve, "uses_cuda");
      if (found !== usesCuda) this.#refuse(`${name}.uses_cuda`, `expected ${usesCuda}, found ${shown(found)}`);
    }
    return {
      scalars,
      prefill: this.#curve(prefill, "no_cuda_profile"),
      decode: this.#curve(decode, "cuda_profile"),
    };
  }

  singleCurve(value: unknown): SingleCurve {
    const top = this.#mapping(value, "");
    const usesCuda = get(top, "uses_cuda");
    if (typeof usesCuda !== "boolean") this.#refuse("uses_cuda", `expected true or false, found ${shown(usesCuda)}`);
    return { scalars: this.#scalars(top, ""), usesCuda: usesCuda === true, curve: this.#curve(top, "") };
  }

  #scalars(owner: Mapping, prefix: string): ProfileScalars {
    const scalars: Record<string, string | number> = {};
    for (const key of TEXTS) {
      const value = get(owner, key);
      if (typeof value === "string") scalars[key] = value;
      else this.#refuse(prefix + key, `expected text, found ${shown(value)}`);
    }
    for (const key of COUNTS) {
      const value = get(owner, key);
      if (Number.isSafeInteger(value) && (value as number) >= 0) scalars[key] = value as number;
      else this.#refuse(prefix + key, `expected a whole number of at least 0, found ${shown(value)}`);
    }
    delete scalars.input_token_upper_limit; // a curve's own
    return scalars as unknown as ProfileScalars;
  }

  /** Both curves must have been measured on the same engine. */
  #checkAgrees(all: ProfileScalars, own: ProfileScalars, name: string): void {
    for (const [key, value] of Object.entries(own)) {
      const expected = (all as unknown as Mapping)[key];
      if (expected !== undefined && value !== expected) {
        this.#refuse(`${name}.${key}`, `found ${shown(value)}, and the profile has ${shown(expected)}`);
      }
    }
  }

  #curve(curve: Mapping, name: string): ProfileCurve {
    const path = name === "" ? "intervals" : `${name}.intervals`;
    const byKey = this.#mapping(get(curve, "intervals"), path);
    const intervals = Object.entries(byKey).map(([key, value]) => this.#interval(key, value, `${path}.${key}`));
    if (intervals.length === 0) this.#refuse(path, "expected at least one interval");
    return { limitTokens: Number(get(curve, "input_token_upper_limit")), intervals };
  }

  #interval(key: string, value: unknown, path: string): ProfileInterval {
    const bounds = INTERVAL_KEY.exec(key);
    if (bounds === null) this.#refuse(path, "expected a key such as '(0, 51)'");
    const [startTokens, endTokens] = bounds === null ? [0, 0] : [Number(bounds[1]), Number(bounds[2])];
    if (startTokens > endTokens) this.#refuse(path, "the interval ends before it starts");
    const line = this.#mapping(value, path);
    return {
      startTokens,
      endTokens,
      slopeSeconds: this.#number(line, "slope", path),
      interceptSeconds: this.#number(line, "intercept", path),
    };
  }

  #number(owner: Mapping, key: string, path: string): number {
    const value = get(owner, key);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    this.#refuse(`${path}.${key}`, `expected a number, found ${shown(value)}`);
    return 0;
  }

  #mapping(value: unknown, path: string): Mapping {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Mapping;
    this.#refuse(path, `expected an object, found ${shown(value)}`);
    return {};
  }

  #refuse(key: string, found: string): void {
    const where = key === "" ? "The profile" : `The profile's key ${key}`;
    this.errors.push(new ConfigError("profile", `${where}: ${found}.`, { position: { file: this.#file } }));
  }
}

function get(owner: Mapping, key: string): unknown {
  return Object.hasOwn(owner, key) ? owner[key] : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
