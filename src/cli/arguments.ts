/** The command line: options, and overrides left as they are for the override grammar. */
import { SweepError } from "../errors.ts";
import { parseOptions, positiveNumber, wholeNumber } from "./option-table.ts";
import { ANSWERING_OPTIONS, type InfoKind, OPTIONS } from "./options.ts";

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
  readonly plugins: readonly string[];
  readonly dryRun: boolean;
  readonly resume: string | undefined;
  readonly extend: boolean;
  readonly forceChanged: boolean;
  readonly failFast: boolean;
  readonly retries: number;
  readonly timeoutSeconds: number | undefined;
  readonly memoryMebibytes: number | undefined;
  readonly workers: number | undefined;
  readonly json: boolean;
  readonly csv: boolean;
  readonly quiet: boolean;
}

/** A worker with less cannot load the simulator. */
const LEAST_MEMORY_MEBIBYTES = 32;

/** Errors: SweepError `USAGE`. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { options, words } = parseOptions(argv, OPTIONS, ANSWERING_OPTIONS);
  if (options["fail-fast"] && options["keep-going"]) {
    throw new SweepError("USAGE", "--keep-going and --fail-fast exclude each other.");
  }
  if (options.json && options.csv) throw new SweepError("USAGE", "--json and --csv exclude each other.");
  return {
    overrides: words,
    multirun: options.multirun,
    cfg: options.cfg,
    resolve: options.resolve,
    package: options.package,
    info: options.info,
    configName: options["config-name"],
    configPath: options["config-path"],
    configDir: options["config-dir"],
    plugins: options.plugin,
    dryRun: options["dry-run"],
    resume: options.resume,
    extend: options.extend,
    forceChanged: options["force-changed"],
    failFast: options["fail-fast"],
    retries: wholeNumber("retries", options.retries, 0) ?? 0,
    timeoutSeconds: positiveNumber("timeout", options.timeout, "a number of seconds"),
    memoryMebibytes: wholeNumber("memory", options.memory, LEAST_MEMORY_MEBIBYTES),
    workers: wholeNumber("workers", options.workers, 1),
    json: options.json,
    csv: options.csv,
    quiet: options.quiet,
  };
}
