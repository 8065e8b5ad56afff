/** Passes operator by operator. */
import type { ModelEstimate } from "../../estimate-latency.ts";
import type { OperatorWork, PassAnalysis } from "../../sim/performance/roofline/pass-analysis.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { terminalWidth } from "../terminal.ts";
import { figure } from "../trace/text-plot.ts";
import { seconds } from "./estimate-text.ts";

const COLUMNS: readonly TextColumn[] = [
  { group: "", title: "operator", align: "left" },
  { group: "", title: "runs", align: "right" },
  { group: "of one run", title: "GFLOP", align: "right" },
  { group: "of one run", title: "MB", align: "right" },
  { group: "of one run", title: "FLOP/B", align: "right" },
  { group: "", title: "all runs (s)", align: "right" },
  { group: "", title: "share", align: "right" },
  { group: "", title: "bound by", align: "left" },
];

export function operatorLines({ name, passes }: ModelEstimate): string[] {
  if (passes === undefined) return [];
  return [
    ...passLines(`${name}: prefill, on each processor`, passes.prefill),
    ...passLines(`${name}: first output token after it, on each processor`, passes.decode),
  ];
}

function passLines(title: string, { operators, seconds: total }: PassAnalysis): string[] {
  return [
    "",
    title,
    ...formatTextTable(
      COLUMNS,
      operators.map((operator) => row(operator, total)),
      terminalWidth(),
    ),
  ];
}

function row({ name, repeats, flops, memoryBytes, seconds: once, bound }: OperatorWork, total: number): string[] {
  return [
    name,
    figure(repeats),
    figure(flops / 1e9),
    figure(memoryBytes / 1e6),
    figure(memoryBytes === 0 ? null : flops / memoryBytes),
    seconds(once * repeats),
    `${((100 * once * repeats) / total).toFixed(1)}%`,
    bound,
  ];
}
