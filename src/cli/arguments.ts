/** The command line: options by yargs, overrides left as they are for the override grammar. */
import yargs from "yargs";
import { suggest } from "../config/index.ts";
import { SweepError } from "../errors.ts";

export interface CommandLine {
  readonly overrides: readonly string[];
  readonly multirun: boolean;
  readonly cfg: "job" | "hydra" | "all" | undefined;
  readonly resolve: boolean;
  readonly package: string | undefined;
  readonly info: "defaults" | "defaults-tree" | "searchpath" | "config" | "plugins" | "origins" | "all" | undefined;
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

/** Hydra's two-letter options, which yargs would read as groups of one-letter ones. */
const TWO_LETTER_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["-cn", "--config-name"],
  ["-cp", "--config-path"],
  ["-cd", "--config-dir"],
]);

const USAGE = `Usage: sweep [options] [overrides...]

Composes a configuration from config groups and overrides (key=value, group=option, +key=, ++key=, ~key),
simulates it and keeps the results. With --multirun, values may be sweeps: seed=0,1,2  trace.rate=range(2,8,2)

  sweep cluster=dgx-h100 trace.rate=40                       one run
  sweep --multirun seed=0,1,2 cluster=half_half              a sweep of three runs
  sweep --resume results/sweeps/2026-01-31_12-00-00          go on with an interrupted sweep`;

const INFO_KINDS = ["defaults", "defaults-tree", "searchpath", "config", "plugins", "origins", "all"] as const;

function parser(argv: readonly string[], version: string) {
  return yargs([...argv])
    .scriptName("sweep")
    .usage(USAGE)
    .parserConfiguration({
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "dot-notation": false,
      "camel-case-expansion": false,
      "boolean-negation": false,
      "duplicate-arguments-array": false,
    })
    .option("multirun", { alias: "m", type: "boolean", default: false, describe: "Expand sweeps and run every job" })
    .option("cfg", {
      alias: "c",
      choices: ["job", "hydra", "all"] as const,
      describe: "Print the composed config and stop",
    })
    .option("resolve", { type: "boolean", default: false, describe: "With --cfg: resolve interpolations" })
    .option("package", { alias: "p", type: "string", describe: "With --cfg: only this part of the config" })
    .option("info", { alias: "i", choices: INFO_KINDS, describe: "Show how the config was composed and stop" })
    .option("config-name", { type: "string", describe: "Name of the primary config (-cn)" })
    .option("config-path", { type: "string", describe: "Folder that replaces the shipped configs (-cp)" })
    .option("config-dir", { type: "string", describe: "Folder searched besides them (-cd)" })
    .option("dry-run", { type: "boolean", default: false, describe: "List the jobs and stop" })
    .option("resume", { type: "string", describe: "Go on with the sweep recorded in this folder" })
    .option("keep-going", { type: "boolean", default: true, describe: "Run the other jobs when one fails" })
    .option("fail-fast", { type: "boolean", default: false, describe: "Start no further job when one fails" })
    .option("retries", { type: "string", default: "0", describe: "Try a failing job again so many times" })
    .option("timeout", { type: "string", describe: "Seconds after which a job is stopped, and failed" })
    .option("workers", { type: "string", describe: "Jobs run in parallel (default: one per core)" })
    .option("json", { type: "boolean", default: false, describe: "Machine-readable output on stdout" })
    .option("quiet", { alias: "q", type: "boolean", default: false, describe: "No progress" })
    .alias("help", "h")
    .version(version)
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new SweepError("USAGE", `${message}.`, { hint: hintFor(message) });
    })
    .wrap(Math.min(120, process.stdout.columns ?? 100));
}

const OPTION_NAMES = [
  ...["multirun", "cfg", "resolve", "package", "info", "config-name", "config-path", "config-dir", "dry-run", "resume"],
  ...["keep-going", "fail-fast", "retries", "timeout", "workers", "json", "quiet", "help", "version"],
];

/** The nearest options to those that yargs calls unknown. */
function hintFor(message: string): string {
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1].split(", ") ?? [];
  const near = unknown.flatMap((name) => suggest(name, OPTION_NAMES));
  return near.length > 0 ? `Did you mean --${near[0]}?` : "`sweep --help` lists the options.";
}

/** Undefined if help or the version was asked for and printed. Errors: SweepError `USAGE`. */
export function parseCommandLine(argv: readonly string[], version: string): CommandLine | undefined {
  const words = argv.map((word) => TWO_LETTER_OPTIONS.get(word) ?? word);
  const options = parser(words, version).parseSync();
  if (options.help === true || options.version === true) return undefined;
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
