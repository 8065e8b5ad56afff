/** `sweep verify tokens`: tokens of every pass, of a real engine and of a simulation. */
import {
  comparePasses,
  type PassComparison,
  type PassDifference,
  readPassList,
} from "../../analysis/verification/pass-list.ts";
import { SweepError } from "../../errors.ts";
import { describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { readText } from "../read-text.ts";
import { EXIT } from "../report-error.ts";
import { locationOf, VERIFY_OPTIONS } from "./options.ts";
import { readSimulatedPasses, simulatePasses } from "./simulated-passes.ts";

const OPTIONS = {
  ...VERIFY_OPTIONS,
  all: { type: "boolean", describe: "Go on after the first pass that differs" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep verify tokens --engine FILE [--sim PATH] [options] [overrides...]

Compares the tokens that every request had in every pass (iteration) of a real engine with a simulation, pass by pass,
up to the first difference. FILE is JSON, a list with an object per pass: {"a": 512, "b": 1, "total_batched_tokens": 513}.
PATH is such a file, or the folder of a run with debug=true; without it the trace of the configuration that the overrides compose is simulated, and its requests
are called by their ids in the trace. Exit status 1 if they differ.

${describeOptions(OPTIONS)}`;

export function verifyTokensCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const { engine } = options;
  if (engine === undefined) {
    throw new SweepError("USAGE", "--engine is missing: the file with the engine's tokens per pass.", {
      hint: "For example: sweep verify tokens --engine passes.json --sim simulated-passes.json",
    });
  }
  if (options.sim !== undefined && words.length > 0) {
    throw new SweepError("USAGE", "--sim and overrides exclude each other.");
  }
  const recorded = readPassList(readText(engine), engine);
  const { passes, notes } =
    options.sim === undefined ? simulatePasses(words, locationOf(options)) : readSimulatedPasses(options.sim);
  for (const note of notes) process.stderr.write(`sweep: ${note}\n`);
  const comparison = comparePasses(recorded, passes, options.all);
  process.stdout.write(options.json ? `${JSON.stringify({ engine, ...comparison })}\n` : text(comparison));
  return comparison.identical ? EXIT.done : EXIT.runFailed;
}

function text({ identical, passes, differences }: PassComparison): string {
  if (identical) return `All ${passes.engine} passes are the same.\n`;
  const lines = differences.flatMap(describe);
  if (passes.engine !== passes.sim) {
    const [more, fewer] = passes.engine > passes.sim ? (["engine", "sim"] as const) : (["sim", "engine"] as const);
    const side = { engine: "engine", sim: "simulation" };
    lines.push(
      `The ${side[more]} has ${passes[more]} passes, ${passes[more] - passes[fewer]} more than the ${side[fewer]}.`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function describe({ pass, only_engine, only_sim, different }: PassDifference): string[] {
  return [
    `Pass ${pass} (from 0) differs:`,
    ...Object.entries(only_engine).map(([request, tokens]) => `  ${request}: ${tokens} tokens, only in the engine`),
    ...Object.entries(only_sim).map(([request, tokens]) => `  ${request}: ${tokens} tokens, only in the simulation`),
    ...Object.entries(different).map(
      ([request, { engine, sim }]) => `  ${request}: ${engine} tokens in the engine, ${sim} in the simulation`,
    ),
  ];
}
