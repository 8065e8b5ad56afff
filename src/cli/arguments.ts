/** The command line: options by yargs, overrides left as they are for the override grammar. */
import yargs from "yargs";
import { SweepError } from "../errors.ts";
import { suggest } from "../suggest.ts";
import { ANSWERING_OPTIONS, type InfoKind, OPTIONS, TWO_LETTER_OPTIONS } from "./options.ts";

export interface CommandLine {
  readonly overrides: readonly string[];
  readonly multirun: boolean;
  readonly cfg: "job" | "hydra" | "all" | undefined;
  readonly resolve: boolean;
  readonly package: string | undefined;
  readonly info: InfoKind | undefined;
  readonly configName: string | undefined;
  readonly configPath: string | undefined;
  readonly configDir: string | undefined;
  readonly dryRun: boolean;
  readonly resume: string | undefined;
  readonly failFast: boolean;
  readonly retries: number;
  readonly timeoutSeconds: number | undefined;
  readonly workers: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

function parser(argv: readonly string[]) {
  return yargs([...argv])
    .parserConfiguration({
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "dot-notation": false,
      "camel-case-expansion": false,
      "boolean-negation": false,
      "duplicate-arguments-array": false,
    })
    .options(OPTIONS)
    .help(false)
    .version(false)
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new SweepError("USAGE", `${message}.`, { hint: hintFor(message) });
    });
}

/** The nearest options to those that yargs calls unknown. */
function hintFor(message: string): string {
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1].split(", ") ?? [];
  const near = unknown.flatMap((name) => suggest(name, [...Object.keys(OPTIONS), ...Object.keys(ANSWERING_OPTIONS)]));
  return near.length > 0 ? `Did you mean --${near[0]}?` : "`sweep --help` lists the options.";
}

/** Errors: SweepError `USAGE`. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const words = argv.map((word) => TWO_LETTER_OPTIONS.get(word) ?? word);
  const options = parser(words).parseSync();
  if (options["fail-fast"] && words.includes("--keep-going")) {
    throw new SweepError("USAGE", "--keep-going and --fail-fast exclude each other.");
  }
  return {
    overrides: options._.map(String),
    multirun: options.multirun,
    cfg: options.cfg,
    resolve: options.resolve,
    package: options.package,
    info: options.info,
    configName: options["config-name"],
    configPath: options["config-path"],
    configDir: options["config-dir"],
    dryRun: options["dry-run"],
    resume: options.resume,
    failFast: options["fail-fast"],
    retries: wholeNumber("--retries", options.retries, 0) ?? 0,
    timeoutSeconds: positiveNumber("--timeout", options.timeout),
    workers: wholeNumber("--workers", options.workers, 1),
    json: options.json,
    quiet: options.quiet,
  };
}

function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least) return value;
  throw new SweepError("USAGE", `${option}: found '${text}', expected a whole number of at least ${least}.`);
}

function positiveNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw new SweepError("USAGE", `${option}: found '${text}', expected a number of seconds above 0.`);
}
