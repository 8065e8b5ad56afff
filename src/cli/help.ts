/** `sweep --help`. */
import { alignedColumns, describeOptions } from "./option-table.ts";
import { ANSWERING_OPTIONS, OPTIONS } from "./options.ts";
import { SUBCOMMANDS } from "./subcommands.ts";

const USAGE = `Usage: sweep [options] [overrides...]
       sweep SUBCOMMAND [options]

Composes a configuration from config groups and overrides (key=value, group=option, +key=, ++key=, ~key),
simulates it and keeps the results. With --multirun, values may be sweeps: seed=0,1,2  trace.rate=range(2,8,2)

  sweep cluster=dgx-h100 trace.rate=40                       one run
  sweep --multirun seed=0,1,2 cluster=half_half              a sweep of three runs
  sweep --resume results/sweeps/2026-01-31_12-00-00          go on with an interrupted sweep
`;

export function helpText(): string {
  const subcommands = SUBCOMMANDS.map(({ name, describe }) => [name, describe] as const);
  const options = describeOptions({ ...OPTIONS, ...ANSWERING_OPTIONS });
  return `${USAGE}\nOptions:\n${options}\nSubcommands:\n${alignedColumns(subcommands)}`;
}
