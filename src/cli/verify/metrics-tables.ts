/** Tables of compared latencies. */
import type { MetricSummary, RequestComparison } from "../../analysis/verification/compare-metrics.ts";
import { COMPARED_METRIC_NAMES, type ComparedMetric } from "../../analysis/verification/served-request.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { terminalWidth } from "../terminal.ts";
import { figure } from "../trace/text-plot.ts";

const right = (group: string, title: string): TextColumn => ({ group, title, align: "right" });

const SUMMARY_COLUMNS: readonly TextColumn[] = [
  { group: "", title: "latency", align: "left" },
  right("", "requests"),
  right("mean (s)", "engine"),
  right("mean (s)", "sim"),
  right("mean (s)", "error"),
  right("error of a request", "mean"),
  right("error of a request", "deviation"),
  right("error of a request", "absolute"),
  { group: "largest error", title: "", align: "right" },
  { group: "largest error", title: "request", align: "left" },
];

export function summaryTable(summary: Readonly<Partial<Record<ComparedMetric, MetricSummary>>>): string[] {
  const rows = Object.entries(summary).map(([metric, of]) => [
    metric,
    figure(of.requests),
    seconds(of.engine_mean),
    seconds(of.sim_mean),
    percent(of.mean_error_percent),
    percent(of.error_mean_percent),
    percent(of.error_std_percent, false),
    percent(of.error_abs_mean_percent, false),
    percent(of.worst?.error_percent ?? null),
    of.worst?.request ?? "-",
  ]);
  return formatTextTable(SUMMARY_COLUMNS, rows, terminalWidth());
}

export function requestTable(requests: readonly RequestComparison[]): string[] {
  const metrics = COMPARED_METRIC_NAMES.filter((metric) => requests.some((request) => metric in request.metrics));
  const columns = [
    { group: "", title: "request", align: "left" } as const,
    right("tokens", "in"),
    right("tokens", "out"),
    ...metrics.flatMap((metric) => ["engine", "sim", "error"].map((title) => right(`${metric} (s)`, title))),
  ];
  const rows = requests.map((request) => [
    request.request,
    figure(request.in_tokens),
    figure(request.out_tokens),
    ...metrics.flatMap((metric) => {
      const pair = request.metrics[metric];
      return pair === undefined
        ? ["-", "-", "-"]
        : [seconds(pair.engine), seconds(pair.sim), percent(pair.error_percent)];
    }),
  ]);
  return formatTextTable(columns, rows, terminalWidth());
}

function seconds(value: number): string {
  return value.toPrecision(4);
}

function percent(value: number | null, signed = true): string {
  if (value === null) return "-";
  return `${signed && value > 0 ? "+" : ""}${value.toFixed(Math.abs(value) < 10 ? 2 : 1)}%`;
}
