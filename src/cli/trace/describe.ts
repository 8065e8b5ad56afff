/** `sweep trace describe`: rates, burstiness and lengths of a trace, with a small plot. */
import { existsSync } from "node:fs";
import { SweepError } from "../../errors.ts";
import type { Trace } from "../../sim/workload/trace.ts";
import { TRACE_FORMATS } from "../../traces/formats.ts";
import { csvPath, type TraceConfig } from "../../traces/load-trace.ts";
import { readAnyTraceFile } from "../../traces/read-trace-file.ts";
import { displayPath } from "../display-path.ts";
import { describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { EXIT } from "../report-error.ts";
import { configuredTrace } from "./configured-trace.ts";
import { descriptionText } from "./description-text.ts";
import { COMMON_OPTIONS, CONFIG_OPTIONS } from "./options.ts";
import { traceFigures } from "./trace-figures.ts";

const OPTIONS = { ...CONFIG_OPTIONS, ...COMMON_OPTIONS } as const satisfies OptionTable;

const HELP = `Usage: sweep trace describe [options] FILE
       sweep trace describe [options] [overrides...]

Shows rates, burstiness and lengths of a trace file of any known format, or of the trace that a run with these overrides
would read or generate.

  sweep trace describe AzureLLMInferenceTrace_conv.csv
  sweep trace describe trace.filename=rr_conv_70 seed=3

${describeOptions(OPTIONS)}`;

export function describeCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const location = {
    configName: options["config-name"],
    configPath: options["config-path"],
    configDir: options["config-dir"],
  };
  const { trace, source } = isFile(words) ? fromFile(words) : fromConfig(words, location);
  const figures = traceFigures(trace);
  process.stdout.write(
    options.json ? `${JSON.stringify({ source, ...figures })}\n` : descriptionText(source, trace, figures),
  );
  return EXIT.done;
}

interface Described {
  readonly trace: Trace;
  readonly source: string;
}

/** Overrides have an equals sign or begin with a tilde; a path may have one, too, behind a slash. */
function isFile([first]: readonly string[]): boolean {
  return first !== undefined && !/^[~+]|^[^/]*=/.test(first);
}

function fromFile([path, ...others]: readonly string[]): Described {
  if (others.length > 0) {
    throw new SweepError("USAGE", `Unknown argument '${others[0]}' after the file '${path}'.`, {
      hint: "Describe a file, or a configuration's trace by overrides: trace.path=FILE trace.rate=5 ...",
    });
  }
  if (!existsSync(path)) {
    throw new SweepError("USAGE", `There is no file '${path}'.`, {
      hint: "A configuration's trace is described by overrides, such as trace.filename=NAME.",
    });
  }
  const { trace, format } = readAnyTraceFile(path);
  return { trace, source: `${displayPath(path)} (${TRACE_FORMATS[format]})` };
}

function fromConfig(overrides: readonly string[], location: Parameters<typeof configuredTrace>[1]): Described {
  const configured = configuredTrace(overrides, location);
  return { trace: configured.load(), source: sourceOf(configured.config, configured.seed) };
}

function sourceOf(trace: TraceConfig, seed: number): string {
  const path = csvPath(trace);
  return path === undefined ? `${trace.name ?? "generated trace"} (generated, seed ${seed})` : displayPath(path);
}
