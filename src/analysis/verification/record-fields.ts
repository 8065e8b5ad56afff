/** Typed reading of recorded JSON and CSV values, which are untrusted; mistakes are collected and thrown together. */
import { type SourcePosition, type SweepError, TraceError, throwTogether } from "../../errors.ts";

/** Mistakes shown of one file; the others are usually the same. */
const SHOWN_MISTAKES = 20;
export const LARGEST_TOKENS = 2 ** 31 - 1;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object's own property; never one that it inherits. */
export function field(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** JSON, or a TraceError that names the file. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TraceError(`The file is no JSON: ${(error as Error).message}.`, { file }, { cause: error });
  }
}

export class FieldReader {
  readonly #errors: SweepError[] = [];

  /** `what` names the value for the message. Returns 1 after noting a mistake, so that reading can go on. */
  tokens(value: unknown, what: string, position: SourcePosition): number {
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LARGEST_TOKENS) return value;
    this.mistake(`${what} is ${shown(value)}, expected an integer from 1 to ${LARGEST_TOKENS}.`, position);
    return 1;
  }

  /** Undefined for what is not there: undefined, null, or an empty CSV cell. */
  seconds(value: unknown, what: string, position: SourcePosition): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    this.mistake(`${what} is ${shown(value)}, expected a number of seconds.`, position);
    return undefined;
  }

  mistake(message: string, position: SourcePosition): void {
    this.#errors.push(new TraceError(message, position));
  }

  /** Throws the mistakes found so far. */
  finish(): void {
    throwTogether(this.#errors.slice(0, SHOWN_MISTAKES));
  }
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 40);
}
