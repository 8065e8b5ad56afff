/** Two metrics of every run, and the runs that no other beats in both. */
import { paretoFront } from "../../analysis/pareto.ts";
import type { RunTable } from "../../analysis/run-table.ts";
import { wishOf } from "../../analysis/wish-of.ts";
import { SweepError } from "../../errors.ts";
import { paretoChart } from "../charts/pareto-chart.ts";
import { figureSvg, panelOf, printStyle } from "../svg.ts";
import { columnOf } from "./column-of.ts";
import { type DrawnFigure, dataCsv } from "./figure.ts";
import type { MetricFigureChoice } from "./metric-figure.ts";

/** Errors: SweepError for a column that there is not, or if no run has numbers in both. */
export function paretoFigure(
  table: RunTable,
  choice: Pick<MetricFigureChoice, "x" | "y" | "series">,
  keep: (row: number) => boolean,
): DrawnFigure {
  const x = columnOf(table, choice.x);
  const y = columnOf(table, choice.y);
  const series = choice.series === undefined ? undefined : columnOf(table, choice.series);
  const points = Array.from({ length: table.count }, (_, row) => row).flatMap((row) => {
    const [xValue, yValue] = [x.values[row], y.values[row]];
    if (typeof xValue !== "number" || typeof yValue !== "number" || !keep(row)) return [];
    return [
      {
        x: xValue,
        y: yValue,
        low: yValue,
        high: yValue,
        series: series?.values[row] ?? null,
        facet: null,
        rows: [row],
      },
    ];
  });
  if (points.length === 0) {
    throw new SweepError("SWEEP", `No finished run has numbers of ${x.name} and ${y.name} and passes the filter.`);
  }
  const [xWish, yWish] = [wishOf(x.name), wishOf(y.name)];
  const front = new Set(
    paretoFront(
      points.map((point) => point.x),
      points.map((point) => point.y),
      { x: xWish, y: yWish },
    ),
  );
  const style = printStyle();
  const chart = paretoChart(
    {
      points,
      x: { name: x.name, unit: x.unit, wish: xWish },
      y: { name: y.name, unit: y.unit, wish: yWish },
      seriesName: series?.name,
      describe: (row) => `run ${table.numbers[row]}`,
    },
    style,
  );
  const names = series === undefined ? [] : [...new Set(points.map((point) => String(point.series)))];
  const parameters = table.columns.filter(({ role }) => role !== "metric");
  return {
    svg: figureSvg([[panelOf(chart)]], {
      title: `${y.name} against ${x.name}: circled runs are beaten by none`,
      legend: names.map((label, i) => ({ label, colour: style.palette[i % style.palette.length] })),
    }),
    data: dataCsv(
      ["run", ...parameters.map(({ name }) => name), x.name, y.name, "on_front"],
      points.map((point, index) => [
        table.numbers[point.rows[0]],
        ...parameters.map(({ values }) => values[point.rows[0]]),
        point.x,
        point.y,
        front.has(index) ? 1 : 0,
      ]),
    ),
  };
}
