/** `sweep --help`, without yargs: loading and laying out its help takes 100 ms, longer than everything else. */
import { ANSWERING_OPTIONS, OPTIONS, TWO_LETTER_OPTIONS } from "./options.ts";
import { SUBCOMMANDS } from "./subcommands.ts";

const USAGE = `Usage: sweep [options] [overrides...]
       sweep SUBCOMMAND [options]

Composes a configuration from config groups and overrides (key=value, group=option, +key=, ++key=, ~key),
simulates it and keeps the results. With --multirun, values may be sweeps: seed=0,1,2  trace.rate=range(2,8,2)

  sweep cluster=dgx-h100 trace.rate=40                       one run
  sweep --multirun seed=0,1,2 cluster=half_half              a sweep of three runs
  sweep --resume results/sweeps/2026-01-31_12-00-00          go on with an interrupted sweep
`;

interface ShownOption {
  readonly alias?: string;
  readonly type?: string;
  readonly choices?: readonly string[];
  readonly describe: string;
}

const VALUE_NAMES: ReadonlyMap<string, string> = new Map([
  ["package", "KEY"],
  ["config-name", "NAME"],
  ["config-path", "DIR"],
  ["config-dir", "DIR"],
  ["resume", "DIR"],
  ["retries", "N"],
  ["timeout", "SECONDS"],
  ["workers", "N"],
]);

export function helpText(): string {
  const options = Object.entries({ ...OPTIONS, ...ANSWERING_OPTIONS }).map(
    ([name, option]) => [spelling(name, option), describe(option)] as const,
  );
  const subcommands = SUBCOMMANDS.map(({ name, describe }) => [name, describe] as const);
  return `${USAGE}\nOptions:\n${columns(options)}\nSubcommands:\n${columns(subcommands)}`;
}

function spelling(name: string, { alias, type, choices }: ShownOption): string {
  const twoLetters = [...TWO_LETTER_OPTIONS].find(([, long]) => long === `--${name}`)?.[0];
  const short = twoLetters ?? (alias === undefined ? undefined : `-${alias}`);
  const value = type === "boolean" ? "" : choices === undefined ? ` ${VALUE_NAMES.get(name) ?? "VALUE"}` : " KIND";
  return `${(short === undefined ? "" : `${short},`).padStart(4)} --${name}${value}`;
}

function describe({ describe: text, choices }: ShownOption): string {
  return choices === undefined ? text : `${text}: ${choices.join(", ")}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}
