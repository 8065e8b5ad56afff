import { ConfigError } from "../../errors.ts";
import { createRandomStream } from "../../sim/kernel/random.ts";
import type { OpenFile } from "../open-file.ts";
import type { LengthParameters } from "../trace.schema.ts";
import { lengthSamplers } from "./index.ts";
import type { CheckedLengths, LengthKey } from "./length-sampler.ts";

const LARGEST_TOKENS = 2 ** 31 - 1;

/** The nearest integer within the bounds. */
export function toTokens(length: number, min = 1, max = LARGEST_TOKENS): number {
  return Math.min(Math.max(Math.round(length), min), max);
}

/** Draws lengths in tokens from the stream named as the parameters' `path`. Errors: ConfigError below `path`; TraceError for a malformed table. */
export function createLengths(
  parameters: LengthParameters,
  path: string,
  seed: number | string,
  openFile: OpenFile,
): () => number {
  const { distribution, ...given } = parameters;
  const sampler = lengthSamplers.find((candidate) => candidate.distribution === distribution);
  if (sampler === undefined) {
    throw new ConfigError("invalid_value", `There is no distribution '${distribution}'.`, { path });
  }
  const known: readonly LengthKey[] = [...sampler.needs, ...sampler.allows];
  const hint = `It needs ${sampler.needs.join(", ")}${sampler.allows.length > 0 ? `, and may have ${sampler.allows.join(", ")}` : ""}.`;
  const missing = sampler.needs.find((key) => given[key] === undefined);
  if (missing !== undefined) {
    throw new ConfigError("missing_key", `The distribution ${distribution} needs ${missing}.`, {
      path: `${path}.${missing}`,
      hint,
    });
  }
  const surplus = (Object.keys(given) as LengthKey[]).find((key) => !known.includes(key));
  if (surplus !== undefined) {
    throw new ConfigError("unknown_key", `The distribution ${distribution} has no ${surplus}.`, {
      path: `${path}.${surplus}`,
      hint,
    });
  }
  const { min = 1, max = LARGEST_TOKENS } = given;
  if (min > max) {
    throw new ConfigError("invalid_value", `min = ${min} is above max = ${max}.`, { path: `${path}.min` });
  }
  // What the sampler needs is there; the rest it does not read.
  const draw = sampler.create({ ...given, min, max } as CheckedLengths, openFile);
  const random = createRandomStream(seed, path);
  return () => toTokens(draw(random), min, max);
}
