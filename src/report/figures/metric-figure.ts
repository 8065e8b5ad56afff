/** A metric against a parameter, as the user asks for it. */
import { averagedKeys, pointsOf } from "../../analysis/points.ts";
import type { RunTable } from "../../analysis/run-table.ts";
import { SweepError } from "../../errors.ts";
import { metricChart } from "../charts/metric-chart.ts";
import { axisLabel, PRINT_STYLE } from "../charts/style.ts";
import { figureSvg, panelOf, printStyle } from "../svg.ts";
import { columnOf } from "./column-of.ts";
import { type DrawnFigure, dataCsv } from "./figure.ts";

export interface MetricFigureChoice {
  readonly x: string;
  readonly y: string;
  readonly series?: string | undefined;
  readonly facet?: string | undefined;
  readonly logX?: boolean | undefined;
  readonly logY?: boolean | undefined;
}

export interface MetricFigure extends DrawnFigure {
  /** Swept keys that means are over although they are no repetitions. */
  readonly averaged: readonly string[];
}

/** Errors: SweepError for a column that there is not, or if no run has the values. */
export function metricFigure(
  table: RunTable,
  choice: MetricFigureChoice,
  keep: (row: number) => boolean,
): MetricFigure {
  const columns = {
    x: columnOf(table, choice.x),
    y: columnOf(table, choice.y),
    series: choice.series === undefined ? undefined : columnOf(table, choice.series),
    facet: choice.facet === undefined ? undefined : columnOf(table, choice.facet),
  };
  const { x, y, series, facet } = columns;
  const points = pointsOf(table, columns, keep);
  if (points.length === 0) {
    throw new SweepError("SWEEP", `No finished run has values of ${x.name} and ${y.name} and passes the filter.`);
  }
  const facets = new Set(points.map((point) => point.facet)).size;
  const style = printStyle({ width: Math.max(PRINT_STYLE.width, 230 * facets) });
  const chart = metricChart(
    { points, x, y, seriesName: series?.name, facetName: facet?.name, logX: choice.logX, logY: choice.logY },
    style,
  );
  const names = series === undefined ? [] : [...new Set(points.map((point) => String(point.series)))];
  const legend = names.map((label, i) => ({ label, colour: style.palette[i % style.palette.length] }));
  const title = `${axisLabel(y.name, y.unit)} against ${x.name}${series === undefined ? "" : `, by ${series.name}`}`;
  const header = [
    ...(facet ? [facet.name] : []),
    ...(series ? [series.name] : []),
    x.name,
    y.name,
    "low",
    "high",
    "runs",
  ];
  return {
    svg: figureSvg([[panelOf(chart)]], { title, legend }),
    data: dataCsv(
      header,
      points.map((point) => [
        ...(facet ? [point.facet] : []),
        ...(series ? [point.series] : []),
        point.x,
        point.y,
        point.low,
        point.high,
        point.rows.length,
      ]),
    ),
    averaged: averagedKeys(table, columns),
  };
}
