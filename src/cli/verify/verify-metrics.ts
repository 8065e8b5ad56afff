/** `sweep verify metrics`: times of requests, of a real engine and of a simulation. */
import { compareMetrics, type MetricsComparison } from "../../analysis/verification/compare-metrics.ts";
import { RECORD_FORMATS, type RecordedRun, readRecordedRun } from "../../analysis/verification/recorded-run.ts";
import { COMPARED_METRICS } from "../../analysis/verification/served-request.ts";
import { SweepError } from "../../errors.ts";
import { displayPath } from "../display-path.ts";
import { alignedColumns, describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { readText } from "../read-text.ts";
import { EXIT } from "../report-error.ts";
import { requestTable, summaryTable } from "./metrics-tables.ts";
import { locationOf, VERIFY_OPTIONS } from "./options.ts";
import { readSimulated, type SimulatedRequests, simulateRequests } from "./simulated-requests.ts";

const OPTIONS = {
  ...VERIFY_OPTIONS,
  requests: { type: "boolean", describe: "List every request, too" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep verify metrics --engine FILE [--sim PATH] [options] [overrides...]

Compares latencies that a real engine recorded with simulated ones, request by request. Without --sim the requests, with
their recorded lengths and arrivals, are simulated in the configuration that the overrides compose. Formats:

${alignedColumns(Object.entries(RECORD_FORMATS))}
Latencies, where both sides know them; errors are 100 (simulated - recorded) / recorded:

${alignedColumns(Object.entries(COMPARED_METRICS))}
${describeOptions(OPTIONS)}`;

export async function verifyMetricsCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const { engine } = options;
  if (engine === undefined) {
    throw new SweepError("USAGE", "--engine is missing: the file that the engine recorded.", {
      hint: "For example: sweep verify metrics --engine requests.csv engine=vllm_v1",
    });
  }
  const recorded = readRecordedRun(readText(engine), engine);
  const sim = await simulatedSide(recorded, engine, options, words);
  for (const note of [...recorded.notes, ...sim.notes]) process.stderr.write(`sweep: ${note}\n`);
  const comparison = compareMetrics(recorded.requests, sim.requests);
  if (Object.keys(comparison.summary).length === 0) {
    throw new SweepError("TRACE", "The two sides have no latency in common.", {
      hint: "The engine's file has neither queueing times, TTFT nor E2E of a request.",
    });
  }
  const { requests, summary } = comparison;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ engine, format: recorded.format, summary, requests })}\n`
      : text(recorded, engine, comparison, options.requests),
  );
  return EXIT.done;
}

type Sides = Parameters<typeof locationOf>[0] & { readonly sim: string | undefined };

async function simulatedSide(
  recorded: RecordedRun,
  engine: string,
  options: Sides,
  overrides: readonly string[],
): Promise<SimulatedRequests> {
  if (options.sim !== undefined) {
    if (overrides.length > 0) throw new SweepError("USAGE", "--sim and overrides exclude each other.");
    return readSimulated(options.sim);
  }
  // A list that has both sides is compared with itself, unless a configuration is asked for.
  if (recorded.sim !== undefined && overrides.length === 0) return { requests: recorded.sim, notes: [] };
  return simulateRequests(recorded.requests, engine, overrides, locationOf(options));
}

function text(recorded: RecordedRun, file: string, comparison: MetricsComparison, withRequests: boolean): string {
  const lines = [
    `${displayPath(file)}: ${recorded.requests.length} requests (${RECORD_FORMATS[recorded.format]})`,
    "",
    ...summaryTable(comparison.summary),
    ...(withRequests ? ["", ...requestTable(comparison.requests)] : []),
  ];
  return `${lines.join("\n")}\n`;
}
