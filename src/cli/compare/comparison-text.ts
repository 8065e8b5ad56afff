/** A comparison as tables for people. */
import type { MetricComparison } from "../../analysis/compare/compare-metric.ts";
import type { Comparison, PointComparison } from "../../analysis/compare/comparison.ts";
import type { MetricInfo } from "../../results/metric-info.ts";
import { valueText } from "../../sweep/config-differences.ts";
import { foldWords } from "../../sweep/fit-columns.ts";
import { displayPath } from "../display-path.ts";
import { metricTable, overviewTable, pointTable } from "./comparison-tables.ts";
import type { InputDifferences } from "./input-differences.ts";
import type { RecordedSide } from "./read-side.ts";
import { notComparedLines } from "./unpaired.ts";

export interface ComparisonTextInput {
  readonly a: RecordedSide;
  readonly b: RecordedSide;
  readonly comparison: Comparison;
  readonly inputs: InputDifferences;
  /** To be shown for every point; undefined: `HEADLINES`. */
  readonly chosen: readonly MetricInfo[] | undefined;
  readonly width: number | undefined;
}

/** Metrics of which every point is shown where there are several. */
const HEADLINES = ["requests_per_second", "ttft_p99", "tbt_p99", "e2e_p99", "slo_attainment", "goodput"];
const SHOWN_DIFFERENCES = 30;

export function comparisonText({ a, b, comparison, inputs, chosen, width }: ComparisonTextInput): string {
  const { points } = comparison;
  const isChosen = ({ metric }: MetricComparison) => chosen === undefined || chosen.includes(metric);
  const sections = [
    [sideLine("A", a), sideLine("B", b), pairsLine(points)],
    inputLines(inputs),
    notComparedLines(comparison),
    points.length === 1
      ? metricTable(points[0], points[0].metrics.filter(isChosen), width)
      : overviewTable(points, isChosen, width),
    ...(points.length === 1
      ? []
      : detailedMetrics(points, chosen).map((metric) => pointTable(comparison, metric, width))),
    explanation(points, width),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function sideLine(name: string, { directory, runs, plan }: RecordedSide): string {
  const done = runs.filter(({ status }) => status === "done").length;
  const text = plan === undefined ? "one run" : `sweep, ${done} of ${runs.length} runs complete`;
  return `${name}: ${displayPath(directory)} (${text})`;
}

function pairsLine(points: readonly PointComparison[]): string {
  const pairs = points.reduce((sum, point) => sum + point.pairs.length, 0);
  return `${pairs} ${pairs === 1 ? "pair" : "pairs"} of runs${points.length === 1 ? "" : ` at ${points.length} points`}`;
}

function inputLines({ config, others, isRecorded }: InputDifferences): string[] {
  const lines = [
    ...config.map(({ path, a, b }) => `  ${path}: ${valueText(a)} -> ${valueText(b)}`),
    ...others.map((line) => `  ${line}`),
  ];
  if (lines.length === 0) {
    return [isRecorded ? "The configurations do not differ." : "The configurations are not recorded on both sides."];
  }
  const rest = lines.length - SHOWN_DIFFERENCES;
  return [
    "What differs (A -> B):",
    ...lines.slice(0, SHOWN_DIFFERENCES),
    ...(rest > 0 ? [`  ... and ${rest} more (--json)`] : []),
  ];
}

function detailedMetrics(points: readonly PointComparison[], chosen: readonly MetricInfo[] | undefined): MetricInfo[] {
  const present = [...new Set(points.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)))];
  return present.filter((metric) => (chosen === undefined ? HEADLINES.includes(metric.name) : chosen.includes(metric)));
}

function explanation(points: readonly PointComparison[], width = Number.POSITIVE_INFINITY): string[] {
  const verdicts = new Set(points.flatMap(({ metrics }) => metrics.map(({ verdict }) => verdict)));
  return [
    ...(points.some(({ pairs }) => pairs.length > 1)
      ? ["95 %: half the width of the confidence interval of the mean difference over seeds (paired, Student's t)."]
      : []),
    ...(verdicts.has("one run each")
      ? ["one run each: there is no interval; sweeps over several seeds can tell a difference from chance."]
      : []),
  ].flatMap((line) => foldWords(line, width));
}
