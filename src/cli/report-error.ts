/** Prints errors for people, and maps them to exit statuses. */

import { ConfigError, type ErrorCode, type SourcePosition, SweepError, TraceError, TypedTextError } from "../errors.ts";
import { displayPath } from "./display-path.ts";

export const EXIT = { done: 0, runFailed: 1, badInput: 2, bug: 70, interrupted: 130 } as const;

export function exitStatusOf(code: ErrorCode): number {
  if (code === "INTERNAL") return EXIT.bug;
  return code === "SIMULATION" || code === "FILE" || code === "SERVER" ? EXIT.runFailed : EXIT.badInput;
}

/** Writes the error to stderr and returns the exit status. Only bugs show a stack. */
export function reportError(error: unknown): number {
  if (error instanceof SweepError && error.code !== "INTERNAL") {
    process.stderr.write(`${formatError(error)}\n`);
    return exitStatusOf(error.code);
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sweep: internal error, a bug in servesweep: please report it\n${stack}\n`);
  return EXIT.bug;
}

/** All mistakes of the error, each with its position, caret and hint. */
export function formatError(error: SweepError): string {
  return printable([error, ...error.others].map(formatOne).join("\n"));
}

/** Messages quote the user's input, which may hold anything: no control character reaches the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^\n\P{Cc}]/gu, "\u{fffd}");
}

function formatOne(error: SweepError): string {
  const position = error instanceof ConfigError || error instanceof TraceError ? formatPosition(error.position) : "";
  const lines = [shorten(`sweep: ${position}${error.message}`)];
  if (error instanceof TypedTextError) lines.push(...caret(error.text, error.column));
  if (error.hint !== undefined) lines.push(shorten(`  hint: ${error.hint.replaceAll("\n", "\n        ")}`));
  return lines.join("\n");
}

/** `file:line:column: `, as far as known. */
export function formatPosition({ file, line, column }: SourcePosition): string {
  const parts = [file === undefined ? undefined : displayPath(file), line, column].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : `${parts.join(":")}: `;
}

const MAX_SHOWN_CHARACTERS = 4000;

function shorten(text: string): string {
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}...`;
}

/** The text around the column, and a caret below it. */
function caret(text: string, column: number): string[] {
  const start = Math.max(0, column - CARET_CONTEXT);
  const shown = text.slice(start, column + CARET_CONTEXT).replaceAll(/\s/g, " ");
  return [`  ${shown}`, `  ${" ".repeat(column - start)}^`];
}

const CARET_CONTEXT = 200;
