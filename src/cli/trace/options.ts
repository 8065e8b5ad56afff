/** Options that the trace subcommands share. */
import type { OptionTable } from "../option-table.ts";
import { ANSWERING_OPTIONS, OPTIONS } from "../options.ts";

export const CONFIG_OPTIONS = {
  "config-name": OPTIONS["config-name"],
  "config-path": OPTIONS["config-path"],
  "config-dir": OPTIONS["config-dir"],
} as const satisfies OptionTable;

export const COMMON_OPTIONS = {
  json: OPTIONS.json,
  help: ANSWERING_OPTIONS.help,
} as const satisfies OptionTable;

export const FORCE_OPTION = {
  force: { type: "boolean", short: "f", describe: "Overwrite the file if there is one" },
} as const satisfies OptionTable;
