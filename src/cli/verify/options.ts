/** Options that the verifiers share. */
import type { ConfigLocation } from "../../inputs/workspace.ts";
import type { OptionTable } from "../option-table.ts";
import { COMMON_OPTIONS, CONFIG_OPTIONS } from "../trace/options.ts";

export const VERIFY_OPTIONS = {
  engine: { type: "string", value: "FILE", describe: "What the real engine recorded" },
  sim: {
    type: "string",
    value: "PATH",
    describe: "Compare with this instead of simulating: a run's folder, or a file",
  },
  ...CONFIG_OPTIONS,
  ...COMMON_OPTIONS,
} as const satisfies OptionTable;

export function locationOf(
  options: { readonly [K in keyof typeof CONFIG_OPTIONS]: string | undefined },
): ConfigLocation {
  return {
    configName: options["config-name"],
    configPath: options["config-path"],
    configDir: options["config-dir"],
  };
}
