/** An estimate as a table for people. */
import type { LatencyEstimate, ModelEstimate } from "../../estimate-latency.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { terminalWidth } from "../terminal.ts";
import { figure } from "../trace/text-plot.ts";

const COLUMNS: readonly TextColumn[] = [
  { group: "", title: "performance model", align: "left" },
  { group: "", title: "prefill (s)", align: "decimal" },
  { group: "each output token (s)", title: "first", align: "decimal", rank: 4 },
  { group: "each output token (s)", title: "mean", align: "decimal", rank: 1 },
  { group: "each output token (s)", title: "last", align: "decimal", rank: 4 },
  { group: "", title: "total (s)", align: "decimal" },
  { group: "", title: "tokens/s", align: "decimal", rank: 2 },
  { group: "bound by", title: "prefill", align: "left", rank: 3 },
  { group: "bound by", title: "output", align: "left", rank: 3 },
];

export function estimateText(estimate: LatencyEstimate): string {
  const { request, instance, memory, estimates } = estimate;
  const { promptTokens, outputTokens, batchSize } = request;
  const rows = estimates.flatMap(({ name, latency, passes }) => {
    if (latency === undefined) return [];
    const { prefillSeconds, firstDecodeSeconds, secondsPerToken, lastDecodeSeconds, totalSeconds } = latency;
    const times = [prefillSeconds, firstDecodeSeconds, secondsPerToken, lastDecodeSeconds, totalSeconds];
    return [[name, ...times.map(seconds), figure((batchSize * outputTokens) / totalSeconds), ...bounds(passes)]];
  });
  const unknown = unknownLines(estimates);
  const remarks = remarkLines(estimates);
  const parts = [
    `${instance.modelArchitecture} on ${instance.tensorParallelism} x ${instance.processorName}: ` +
      `${figure(batchSize)} x (${figure(promptTokens)} prompt + ${figure(outputTokens)} output tokens)`,
    "",
    ...memoryLines(memory),
    ...(rows.length === 0 ? [] : ["", ...formatTextTable(COLUMNS, rows, terminalWidth())]),
    ...(remarks.length === 0 ? [] : ["", ...remarks]),
    ...(unknown.length === 0 ? [] : ["", ...unknown]),
  ];
  return `${parts.join("\n")}\n`;
}

/** What to know of the estimates, each once. */
export function remarkLines(estimates: readonly ModelEstimate[]): string[] {
  const lines = estimates.flatMap(({ name, remark }) => (remark === undefined ? [] : [`${name}: ${remark}`]));
  return [...new Set(lines)];
}

const LONGEST_HINT = 120;

/** Which performance models cannot tell, and why, each once. */
export function unknownLines(estimates: readonly ModelEstimate[]): string[] {
  const lines = new Set<string>();
  for (const { name, reason, hint = "" } of estimates) {
    if (reason === undefined) continue;
    const shown = hint.length <= LONGEST_HINT ? hint : `${hint.slice(0, LONGEST_HINT)}...`;
    lines.add(`  ${name}: ${reason} ${shown}`.trimEnd());
  }
  return lines.size === 0 ? [] : ["Not known to", ...lines];
}

function bounds(passes: ModelEstimate["passes"]): string[] {
  return passes === undefined ? ["-", "-"] : [passes.prefill.bound, passes.decode.bound];
}

export function seconds(value: number | undefined): string {
  return value === undefined ? "-" : value.toPrecision(4);
}

function memoryLines(memory: LatencyEstimate["memory"]): string[] {
  const { weightBytes, kvCacheBytes, activationBytes, capacityBytes, fits } = memory;
  const used = weightBytes + kvCacheBytes + (activationBytes ?? 0);
  const parts = [
    `weights ${gigabytes(weightBytes)}`,
    `KV cache ${gigabytes(kvCacheBytes)}`,
    ...(activationBytes === undefined ? [] : [`activations ${gigabytes(activationBytes)}`]),
  ];
  const share = `${((100 * used) / capacityBytes).toFixed(1)}% of ${gigabytes(capacityBytes)}`;
  return [`memory: ${parts.join(" + ")} = ${gigabytes(used)}, ${share}${fits ? "" : ": DOES NOT FIT"}`];
}

function gigabytes(bytes: number): string {
  return `${figure(bytes / 1e9)} GB`;
}
