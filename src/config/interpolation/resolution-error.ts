/** Errors of resolution. Labels carry the class names under which OmegaConf's users know them. */
import { ConfigError } from "../../errors.ts";
import type { Origin } from "../tree/origin.ts";

export type ResolutionErrorKind =
  | "InterpolationKeyError"
  | "InterpolationToMissingValueError"
  | "InterpolationResolutionError"
  | "UnsupportedInterpolationType";

/** Where an interpolation that cannot be resolved stands. */
export interface Place {
  readonly path: string;
  readonly origin: Origin;
}

export function resolutionError(kind: ResolutionErrorKind, place: Place, message: string, hint?: string): ConfigError {
  const { origin } = place;
  const where = origin.kind === "override" ? ` (override '${origin.text}')` : "";
  return new ConfigError(`omegaconf:${kind}`, `${place.path}: ${message}${where}`, {
    path: place.path,
    position: origin.kind === "file" ? { file: origin.file, line: origin.line, column: origin.column } : {},
    hint,
  });
}
