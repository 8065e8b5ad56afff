/** The options of `sweep`, for the parser, the help and completion. */

export const INFO_KINDS = ["defaults", "defaults-tree", "searchpath", "config", "plugins", "origins", "all"] as const;
export type InfoKind = (typeof INFO_KINDS)[number];

const CONFIG_PARTS = ["job", "hydra", "all"] as const;

export const OPTIONS = {
  multirun: { alias: "m", type: "boolean", default: false, describe: "Expand sweeps and run every job" },
  cfg: { alias: "c", choices: CONFIG_PARTS, describe: "Print the composed config and stop" },
  resolve: { type: "boolean", default: false, describe: "With --cfg: resolve interpolations" },
  package: { alias: "p", type: "string", describe: "With --cfg: only this part of the config" },
  info: { alias: "i", choices: INFO_KINDS, describe: "Show how the config was composed and stop" },
  "config-name": { type: "string", describe: "Name of the primary config" },
  "config-path": { type: "string", describe: "Folder that replaces the shipped configs" },
  "config-dir": { type: "string", describe: "Folder searched besides them" },
  "dry-run": { type: "boolean", default: false, describe: "List the jobs and stop" },
  resume: { type: "string", describe: "Go on with the sweep recorded in this folder" },
  "keep-going": { type: "boolean", default: true, describe: "Run the other jobs when one fails" },
  "fail-fast": { type: "boolean", default: false, describe: "Start no further job when one fails" },
  retries: { type: "string", default: "0", describe: "Try a failing job again so many times" },
  timeout: { type: "string", describe: "Seconds after which a job is stopped, and failed" },
  workers: { type: "string", describe: "Jobs run in parallel (default: one per core)" },
  json: { type: "boolean", default: false, describe: "Machine-readable output on stdout" },
  quiet: { alias: "q", type: "boolean", default: false, describe: "No progress" },
} as const;

/** Answered before the other options are looked at. */
export const ANSWERING_OPTIONS = {
  help: { alias: "h", type: "boolean", describe: "Show this help" },
  version: { type: "boolean", describe: "Show the version" },
} as const;

/** Hydra's two-letter options, which yargs would read as groups of one-letter ones. */
export const TWO_LETTER_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["-cn", "--config-name"],
  ["-cp", "--config-path"],
  ["-cd", "--config-dir"],
]);
