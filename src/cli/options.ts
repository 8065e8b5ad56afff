/** The options of `sweep`. */
import type { OptionTable } from "./option-table.ts";

export const INFO_KINDS = ["defaults", "defaults-tree", "searchpath", "config", "plugins", "origins", "all"] as const;
export type InfoKind = (typeof INFO_KINDS)[number];

const CONFIG_PARTS = ["job", "hydra", "all"] as const;

export const OPTIONS = {
  multirun: { type: "boolean", short: "m", describe: "Expand sweeps and run every job" },
  cfg: {
    type: "string",
    short: "c",
    value: "PART",
    choices: CONFIG_PARTS,
    describe: "Print the composed config and stop",
  },
  resolve: { type: "boolean", describe: "With --cfg: resolve interpolations" },
  package: { type: "string", short: "p", value: "KEY", describe: "With --cfg: only this part of the config" },
  info: {
    type: "string",
    short: "i",
    value: "KIND",
    choices: INFO_KINDS,
    describe: "Show how the config was composed and stop",
  },
  "config-name": { type: "string", short: "cn", value: "NAME", describe: "Name of the primary config" },
  "config-path": { type: "string", short: "cp", value: "DIR", describe: "Folder that replaces the shipped configs" },
  "config-dir": { type: "string", short: "cd", value: "DIR", describe: "Folder searched besides them" },
  plugin: {
    type: "string",
    value: "FILE",
    multiple: true,
    describe: "Module of components of your own (repeatable)",
  },
  "dry-run": { type: "boolean", describe: "List the jobs and stop" },
  resume: { type: "string", value: "DIR", describe: "Go on with the sweep recorded in this folder" },
  extend: { type: "boolean", describe: "Add the jobs that are new to the sweep recorded in hydra.sweep.dir" },
  "force-changed": {
    type: "boolean",
    describe: "When resuming: run jobs anew whose configuration or input files have changed",
  },
  "keep-going": { type: "boolean", describe: "Run the other jobs when one fails (the default)" },
  "fail-fast": { type: "boolean", describe: "Start no further job when one fails" },
  retries: { type: "string", value: "N", describe: "Try a failing job again so many times" },
  timeout: { type: "string", value: "SECONDS", describe: "Stop a job after so long, and count it as failed" },
  memory: { type: "string", value: "MIB", describe: "Heap of each worker; a job that needs more has failed" },
  workers: { type: "string", value: "N", describe: "Jobs run in parallel (default: one per core)" },
  json: { type: "boolean", describe: "Machine-readable output on stdout" },
  csv: { type: "boolean", describe: "The table as CSV on stdout, as in runs.csv" },
  quiet: { type: "boolean", short: "q", describe: "No progress" },
} as const satisfies OptionTable;

/** Answered before the other options are looked at. */
export const ANSWERING_OPTIONS = {
  help: { type: "boolean", short: "h", describe: "Show this help" },
  version: { type: "boolean", describe: "Show the version" },
} as const satisfies OptionTable;
