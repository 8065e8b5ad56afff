/** The tables of a comparison. */
import { type MetricComparison, VERDICTS } from "../../analysis/compare/compare-metric.ts";
import { type Comparison, type PointComparison, pointName } from "../../analysis/compare/comparison.ts";
import type { MetricInfo } from "../../results/metric-info.ts";
import { shortTitles } from "../../sweep/swept-keys.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { coloured } from "../terminal.ts";
import { changeText, differenceText, halfWidthText, meanText } from "./figures.ts";

const SHOWN_POINTS = 40;

interface FigureColumn extends TextColumn {
  readonly cell: (comparison: MetricComparison) => string;
}

/** Without the column of intervals where there is none. */
function figureColumns(comparisons: readonly MetricComparison[]): readonly FigureColumn[] {
  const interval: FigureColumn = {
    ...{ group: "B - A", title: "95 %", align: "decimal", name: "confidence interval", rank: 2 },
    cell: halfWidthText,
  };
  const hasIntervals = comparisons.some(({ halfWidth }) => halfWidth !== undefined);
  return [
    { group: "mean", title: "A", align: "decimal", cell: ({ a }) => meanText(a) },
    { group: "mean", title: "B", align: "decimal", cell: ({ b }) => meanText(b) },
    { group: "B - A", title: "difference", align: "decimal", name: "difference", rank: 1, cell: differenceText },
    ...(hasIntervals ? [interval] : []),
    { group: "B - A", title: "%", align: "decimal", name: "change in %", cell: ({ percent }) => changeText(percent) },
    { group: "", title: "verdict", align: "left", style: verdictStyle, cell: ({ verdict }) => verdict },
  ];
}

function verdictStyle(padded: string): string {
  const verdict = padded.trim();
  return verdict === "better" ? coloured("green", padded) : verdict === "worse" ? coloured("red", padded) : padded;
}

/** A row per metric. */
export function metricTable(
  { values }: PointComparison,
  metrics: readonly MetricComparison[],
  width: number | undefined,
): string[] {
  const figures = figureColumns(metrics);
  const columns: TextColumn[] = [
    { group: "", title: "metric", align: "left" },
    { group: "", title: "unit", align: "left", rank: 3 },
    ...figures,
  ];
  const rows = metrics.map((comparison) => [
    comparison.metric.name,
    comparison.metric.unit === "1" ? "" : comparison.metric.unit,
    ...figures.map(({ cell }) => cell(comparison)),
  ]);
  const title = pointName(values);
  return [...(title === "" ? [] : [title]), ...formatTextTable(columns, rows, width)];
}

/** A row per metric: at how many points it is what, and where it changes most. */
export function overviewTable(
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

/** A row per point. */
export function pointTable({ keys, points }: Comparison, metric: MetricInfo, width: number | undefined): string[] {
  const titles = shortTitles(keys);
  const comparisons = points.map(({ metrics }) => metrics.find((one) => one.metric === metric));
  const figures = figureColumns(comparisons.filter((comparison) => comparison !== undefined));
  const columns: TextColumn[] = [
    ...keys.map((key, i): TextColumn => ({ group: "", title: titles[i], name: key, align: "left", canCut: true })),
    { group: "", title: "pairs", align: "right", rank: 3 },
    ...figures,
  ];
  const rows = points.slice(0, SHOWN_POINTS).map(({ values }, point) => {
    const comparison = comparisons[point];
    const cells = figures.map(({ cell }) => (comparison === undefined ? "-" : cell(comparison)));
    return [...keys.map((key) => String(values.get(key) ?? "")), String(comparison?.pairs ?? 0), ...cells];
  });
  const rest = points.length - SHOWN_POINTS;
  return [
    `${metric.name}${metric.unit === "1" ? "" : `, ${metric.unit}`}${metric.better === "neither" ? "" : `: ${metric.better} is better`}`,
    ...formatTextTable(columns, rows, width),
    ...(rest > 0 ? [`... and ${rest} more points (--csv)`] : []),
  ];
}
