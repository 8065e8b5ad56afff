/** A metric as bars: a group for each value of a parameter, a colour for each series. */
import { averagedKeys, pointsOf } from "../../analysis/points.ts";
import type { RunTable } from "../../analysis/run-table.ts";
import { SweepError } from "../../errors.ts";
import { barChart } from "../charts/bar-chart.ts";
import { axisLabel, PRINT_STYLE } from "../charts/style.ts";
import { figureSvg, panelOf, printStyle } from "../svg.ts";
import { columnOf } from "./column-of.ts";
import { dataCsv } from "./figure.ts";
import type { MetricFigure, MetricFigureChoice } from "./metric-figure.ts";

/** Errors: SweepError for a column that there is not, or if no run has the values. */
export function barFigure(
  table: RunTable,
  choice: Pick<MetricFigureChoice, "x" | "y" | "series">,
  keep: (row: number) => boolean,
): MetricFigure {
  const x = columnOf(table, choice.x);
  const y = columnOf(table, choice.y);
  const series = choice.series === undefined ? undefined : columnOf(table, choice.series);
  const points = pointsOf(table, { x, y, series }, keep);
  if (points.length === 0) {
    throw new SweepError("SWEEP", `No finished run has values of ${x.name} and ${y.name} and passes the filter.`);
  }
  const seriesOf = (value: unknown) => (series === undefined ? y.name : String(value));
  const names = [...new Set(points.map((point) => seriesOf(point.series)))];
  const groups = new Set(points.map((point) => point.x)).size;
  const style = printStyle({ width: Math.max(PRINT_STYLE.width, 60 + 26 * groups * names.length) });
  const bars = points.map((point) => ({
    group: String(point.x),
    series: seriesOf(point.series),
    value: point.y,
    low: point.low,
    high: point.high,
  }));
  const chart = barChart(
    {
      bars,
      series: names,
      groupLabel: x.name,
      valueLabel: axisLabel(y.name, y.unit),
      showsValues: bars.length <= 24 && bars.every(({ low, high }) => high === low),
    },
    style,
  );
  return {
    svg: figureSvg([[panelOf(chart)]], {
      title: `${axisLabel(y.name, y.unit)} by ${x.name}${series === undefined ? "" : ` and ${series.name}`}`,
      legend:
        series === undefined
          ? []
          : names.map((label, i) => ({ label, colour: style.palette[i % style.palette.length] })),
    }),
    data: dataCsv(
      [...(series ? [series.name] : []), x.name, y.name, "low", "high", "runs"],
      points.map((point) => [
        ...(series ? [point.series] : []),
        point.x,
        point.y,
        point.low,
        point.high,
        point.rows.length,
      ]),
    ),
    averaged: averagedKeys(table, { x, y, series }),
  };
}
