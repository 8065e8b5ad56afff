/** Options that the verifiers share. */
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
