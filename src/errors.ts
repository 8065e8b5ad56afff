/**
 * Every error that servesweep raises on purpose. A code names the cause for programs, the message says
 * what was found and what was expected, and the hint says how to go on.
 */

/** Stable error codes and what each means. Exit status 2 (the user's input) unless stated otherwise. */
export const ERROR_CODES = {
  USAGE: "The command line has an unknown option, or options that exclude each other.",
  OVERRIDE_SYNTAX: "An override does not follow the override grammar.",
  CONFIG: "The configuration cannot be composed; `label` says which rule was broken.",
  SCHEMA: "A composed configuration holds an unknown key, or a value of the wrong type or range.",
  FILE: "A file cannot be read or written, or has changed since the run was planned (exit status 1).",
  TRACE: "A trace is malformed, empty, or holds a request that can never be served.",
  SWEEP: "A sweep directory is missing, damaged, in use, or holds another sweep.",
  SERVER:
    "A server that runs the jobs of a sweep (Redis, Slurm) cannot be reached, or does not do its part (exit status 1).",
  SIMULATION: "A run failed while simulating (exit status 1).",
  INTERNAL: "A broken invariant: a bug in servesweep (exit status 70).",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  hint?: string | undefined;
  cause?: unknown;
}

/** Base of all errors below. */
export class SweepError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Further mistakes found in the same pass. */
  others: readonly SweepError[] = [];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
  }
}

/** Where in the user's input a mistake is; lines and columns count from 1. */
export interface SourcePosition {
  file?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
}

/** A configuration that cannot be composed or is not valid. `label` is a stable word such as `config_not_found`. */
export class ConfigError extends SweepError {
  readonly label: string;
  readonly position: SourcePosition;
  /** Dotted path of the offending key, if there is one. */
  readonly path: string | undefined;
  constructor(
    label: string,
    message: string,
    details: ErrorDetails & {
      code?: "CONFIG" | "SCHEMA";
      position?: SourcePosition;
      path?: string | undefined;
    } = {},
  ) {
    super(details.code ?? "CONFIG", message, details);
    this.label = label;
    this.position = details.position ?? {};
    this.path = details.path;
  }
}

/** A mistake in a short text that the user typed. `column` counts from 0 within `text`. */
export class TypedTextError extends SweepError {
  readonly text: string;
  readonly column: number;

  constructor(code: ErrorCode, message: string, text: string, column: number, details: ErrorDetails = {}) {
    super(code, message, details);
    this.text = text;
    this.column = column;
  }
}

/** An override that does not parse. */
export class OverrideError extends TypedTextError {
  constructor(message: string, text: string, column: number, details: ErrorDetails = {}) {
    super("OVERRIDE_SYNTAX", message, text, column, details);
  }
}

/** A trace that cannot be read or served. */
export class TraceError extends SweepError {
  readonly position: SourcePosition;

  constructor(message: string, position: SourcePosition, details: ErrorDetails = {}) {
    super("TRACE", message, details);
    this.position = position;
  }
}

/** A run that failed while simulating. */
export class SimulationError extends SweepError {
  readonly simTimeSeconds: number;

  constructor(message: string, simTimeSeconds: number, details: ErrorDetails = {}) {
    super("SIMULATION", message, details);
    this.simTimeSeconds = simTimeSeconds;
  }
}

/** Throws the first error, with the further ones in `others`; nothing if there is none. */
export function throwTogether(errors: readonly SweepError[]): void {
  const [first, ...others] = errors;
  if (first === undefined) return;
  first.others = [...first.others, ...others];
  throw first;
}

/** Throws an internal error unless `condition` holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new SweepError("INTERNAL", message);
}
