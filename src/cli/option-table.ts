/** Tables of options, from which the parser, the help and completion are made. */
import { parseArgs } from "node:util";
import { SweepError } from "../errors.ts";
import { suggest } from "../suggest.ts";

export interface BooleanOption {
  readonly type: "boolean";
  readonly short?: string;
  readonly describe: string;
}

export interface TextOption {
  readonly type: "string";
  readonly short?: string;
  /** What the help calls the value. */
  readonly value: string;
  readonly choices?: readonly string[];
  /** May be given several times, and is a list. */
  readonly multiple?: true;
  readonly describe: string;
}

/** By name. A short spelling may have several letters (`-cn`). */
export type OptionTable = Readonly<Record<string, BooleanOption | TextOption>>;

type ValueOf<O> = O extends BooleanOption
  ? boolean
  : O extends { readonly multiple: true }
    ? readonly string[]
    : (O extends { readonly choices: readonly (infer C)[] } ? C : string) | undefined;

export interface ParsedOptions<T extends OptionTable> {
  readonly options: { readonly [K in keyof T]: ValueOf<T[K]> };
  /** The words that are no options. */
  readonly words: readonly string[];
}

/** Errors: SweepError `USAGE`. `known` are options that are answered elsewhere, for suggestions. */
export function parseOptions<const T extends OptionTable>(
  argv: readonly string[],
  table: T,
  known: OptionTable = {},
): ParsedOptions<T> {
  const long = new Map(Object.entries(table).map(([name, { short }]) => [`-${short}`, `--${name}`]));
  const { values, positionals } = parse(
    argv.map((word) => (word.length > 2 ? (long.get(word) ?? word) : word)),
    table,
    [...Object.keys(table), ...Object.keys(known)],
  );
  for (const [name, option] of Object.entries(table)) {
    const value = values[name];
    const choices = option.type === "string" ? option.choices : undefined;
    if (value === undefined || choices === undefined || choices.includes(String(value))) continue;
    throw new SweepError("USAGE", `--${name}: found '${value}', expected one of ${choices.join(", ")}.`);
  }
  const options = Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, values[name] ?? absentValue(option)]),
  );
  return { options: options as ParsedOptions<T>["options"], words: positionals };
}

function absentValue(option: BooleanOption | TextOption): false | readonly string[] | undefined {
  if (option.type === "boolean") return false;
  return option.multiple ? [] : undefined;
}

function parse(argv: readonly string[], table: OptionTable, names: readonly string[]) {
  const declared = Object.fromEntries(
    Object.entries(table).map(([name, option]) => {
      const { type, short } = option;
      const multiple = option.type === "string" && option.multiple === true;
      return [name, { type, multiple, ...(short?.length === 1 ? { short } : {}) }];
    }),
  );
  try {
    return parseArgs({ args: [...argv], options: declared, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("ERR_PARSE_ARGS_") !== true) throw error;
    const spelling = /'-[^']*'/.exec(message)?.[0].slice(1, -1) ?? "";
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
      const near = suggest(spelling.replace(/^-+/, ""), names)[0];
      const hint = near === undefined ? "`sweep --help` lists the options." : `Did you mean --${near}?`;
      throw new SweepError("USAGE", `Unknown option '${spelling}'.`, { hint });
    }
    if (message.includes("ambiguous")) {
      throw new SweepError("USAGE", `${spelling} needs a value, and what follows begins with a dash.`, {
        hint: `If that is the value, write ${spelling}=-...`,
      });
    }
    throw new SweepError("USAGE", `${message.split("\n")[0]?.replace(/\.$/, "")}.`);
  }
}

/** A line per option: its spellings, what its value is called, and what it is for. */
export function describeOptions(table: OptionTable): string {
  return alignedColumns(Object.entries(table).map(([name, option]) => [spelling(name, option), describe(option)]));
}

function spelling(name: string, option: BooleanOption | TextOption): string {
  const short = option.short === undefined ? "" : `-${option.short},`;
  return `${short.padStart(4)} --${name}${option.type === "boolean" ? "" : ` ${option.value}`}`;
}

function describe(option: BooleanOption | TextOption): string {
  const choices = option.type === "string" ? option.choices : undefined;
  return choices === undefined ? option.describe : `${option.describe}: ${choices.join(", ")}`;
}

export function alignedColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}

/** Errors: SweepError `USAGE`. */
export function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
  throw new SweepError("USAGE", `--${option}: found '${text}', expected a whole number of at least ${least}.`);
}

/** Errors: SweepError `USAGE`. `what` names the quantity and its unit. */
export function positiveNumber(option: string, text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw new SweepError("USAGE", `--${option}: found '${text}', expected ${what} above 0.`);
}
