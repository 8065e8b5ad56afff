/** A comparison as tables for people. */
import { type MetricComparison, VERDICTS } from "../../analysis/compare/compare-metric.ts";
import { type Comparison, type PointComparison, pointName } from "../../analysis/compare/comparison.ts";
import type { MetricInfo } from "../../results/metric-info.ts";
import { valueText } from "../../sweep/config-differences.ts";
import { shortTitles } from "../../sweep/swept-keys.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { displayPath } from "../display-path.ts";
import { coloured } from "../terminal.ts";
import { changeText, differenceText, halfWidthText, meanText } from "./figures.ts";
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
const SHOWN_POINTS = 40;
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
    explanation(points),
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
  return `${pairs} pairs of runs${points.length === 1 ? "" : ` at ${points.length} points`}`;
}

function inputLines({ config, others }: InputDifferences): string[] {
  const lines = [
    ...config.map(({ path, a, b }) => `  ${path}: ${valueText(a)} -> ${valueText(b)}`),
    ...others.map((line) => `  ${line}`),
  ];
  if (lines.length === 0) return ["The configurations do not differ."];
  const rest = lines.length - SHOWN_DIFFERENCES;
  return [
    "What differs (A -> B):",
    ...lines.slice(0, SHOWN_DIFFERENCES),
    ...(rest > 0 ? [`  ... and ${rest} more (--json)`] : []),
  ];
}

const FIGURE_COLUMNS: readonly TextColumn[] = [
  { group: "mean", title: "A", align: "decimal" },
  { group: "mean", title: "B", align: "decimal" },
  { group: "B - A", title: "difference", align: "decimal", name: "difference", rank: 1 },
  { group: "B - A", title: "95 %", align: "decimal", name: "confidence interval", rank: 2 },
  { group: "B - A", title: "%", align: "decimal", name: "change in %" },
  { group: "", title: "verdict", align: "left", style: verdictStyle },
];

function figureCells(comparison: MetricComparison): string[] {
  return [
    meanText(comparison.a),
    meanText(comparison.b),
    differenceText(comparison),
    halfWidthText(comparison),
    changeText(comparison.percent),
    comparison.verdict,
  ];
}

function verdictStyle(padded: string): string {
  const verdict = padded.trim();
  return verdict === "better" ? coloured("green", padded) : verdict === "worse" ? coloured("red", padded) : padded;
}

/** A row per metric. */
function metricTable({ values }: PointComparison, metrics: readonly MetricComparison[], width: number | undefined) {
  const columns: TextColumn[] = [
    { group: "", title: "metric", align: "left" },
    { group: "", title: "unit", align: "left", rank: 3 },
    ...FIGURE_COLUMNS,
  ];
  const rows = metrics.map((comparison) => [
    comparison.metric.name,
    comparison.metric.unit,
    ...figureCells(comparison),
  ]);
  const title = pointName(values);
  return [...(title === "" ? [] : [title]), ...formatTextTable(columns, rows, width)];
}

/** A row per metric: at how many points it is what, and where it changes most. */
function overviewTable(
  points: readonly PointComparison[],
  isChosen: (comparison: MetricComparison) => boolean,
  width: number | undefined,
): string[] {
  const all = points.flatMap((point) => point.metrics.filter(isChosen).map((comparison) => ({ point, comparison })));
  const metrics = [...new Set(all.map(({ comparison }) => comparison.metric))];
  const verdicts = VERDICTS.filter((verdict) => all.some(({ comparison }) => comparison.verdict === verdict));
  const columns: TextColumn[] = [
    { group: "", title: "metric", align: "left" },
    ...verdicts.map((title): TextColumn => ({ group: "points", title, align: "right" })),
    { group: "largest change", title: "%", align: "decimal", name: "largest change" },
    { group: "largest change", title: "at", align: "left", canCut: true, name: "where", rank: 1 },
  ];
  const rows = metrics.map((metric) => {
    const of = all.filter(({ comparison }) => comparison.metric === metric);
    const largest = of.reduce((a, b) => (Math.abs(b.comparison.percent) > Math.abs(a.comparison.percent) ? b : a));
    return [
      metric.name,
      ...verdicts.map((verdict) => String(of.filter(({ comparison }) => comparison.verdict === verdict).length || "")),
      changeText(largest.comparison.percent),
      largest.comparison.percent === 0 ? "" : pointName(largest.point.values),
    ];
  });
  return formatTextTable(columns, rows, width);
}

function detailedMetrics(points: readonly PointComparison[], chosen: readonly MetricInfo[] | undefined): MetricInfo[] {
  const present = [...new Set(points.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)))];
  return present.filter((metric) => (chosen === undefined ? HEADLINES.includes(metric.name) : chosen.includes(metric)));
}

/** A row per point. */
function pointTable({ keys, points }: Comparison, metric: MetricInfo, width: number | undefined): string[] {
  const titles = shortTitles(keys);
  const columns: TextColumn[] = [
    ...keys.map((key, i): TextColumn => ({ group: "", title: titles[i], name: key, align: "left", canCut: true })),
    { group: "", title: "pairs", align: "right", rank: 3 },
    ...FIGURE_COLUMNS,
  ];
  const rows = points.slice(0, SHOWN_POINTS).map(({ values, metrics }) => {
    const comparison = metrics.find((one) => one.metric === metric);
    const cells = comparison === undefined ? FIGURE_COLUMNS.map(() => "-") : figureCells(comparison);
    return [...keys.map((key) => String(values.get(key) ?? "")), String(comparison?.pairs ?? 0), ...cells];
  });
  const rest = points.length - SHOWN_POINTS;
  return [
    `${metric.name}${metric.unit === "1" ? "" : `, ${metric.unit}`}${metric.better === "neither" ? "" : `: ${metric.better} is better`}`,
    ...formatTextTable(columns, rows, width),
    ...(rest > 0 ? [`... and ${rest} more points (--csv)`] : []),
  ];
}

function explanation(points: readonly PointComparison[]): string[] {
  return points.some(({ pairs }) => pairs.length > 1)
    ? ["95 %: half the width of the confidence interval of the mean difference over seeds (paired, Student's t)."]
    : [];
}
