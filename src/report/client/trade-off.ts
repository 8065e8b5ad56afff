/** Two measures of every run, and the runs that none beats in both. */

import { pointsOf } from "../../analysis/points.ts";
import { runLabel } from "../../analysis/run-label.ts";
import type { RunColumn, RunTable } from "../../analysis/run-table.ts";
import { wishOf } from "../../analysis/wish-of.ts";
import { paretoChart } from "../charts/pareto-chart.ts";
import { dropDown, element } from "./dom.ts";
import type { Figure, PageStyle } from "./figure.ts";

const FIRST_X = ["cost", "power", "servers", "instances", "ttft_p99", "e2e_p99"];
const FIRST_Y = ["slo_requests_per_second", "goodput", "requests_per_second", "e2e_p99"];

export class TradeOff implements Figure {
  readonly #table: RunTable;
  readonly #chart = element("div", { class: "chart" });
  readonly #note = element("p", { class: "note" });
  #style: PageStyle;
  #keep: (row: number) => boolean = () => true;
  #x: string;
  #y: string;
  #series: string;

  constructor(table: RunTable, root: HTMLElement, style: PageStyle) {
    this.#table = table;
    this.#style = style;
    const names = this.#measures().map(({ name }) => name);
    this.#x = FIRST_X.find((name) => this.#varies(name)) ?? names[0] ?? "";
    this.#y = FIRST_Y.find((name) => names.includes(name) && name !== this.#x) ?? names[1] ?? "";
    const groups = table.columns.filter(({ role, values }) => role !== "metric" && new Set(values).size <= 8);
    const varied = groups.filter(({ name, values }) => name !== "seed" && new Set(values).size > 1);
    const named = varied.find(({ values }) => values.every((value) => typeof value === "string"));
    this.#series = (named ?? varied[0])?.name ?? "";
    const choose = (set: (value: string) => void) => (value: string) => {
      set(value);
      this.draw(this.#keep);
    };
    const measures = names.map((name) => ({ value: name, label: name }));
    const series = [{ value: "", label: "none" }, ...groups.map(({ name }) => ({ value: name, label: name }))];
    root.append(
      element(
        "div",
        { class: "controls" },
        dropDown(
          "x",
          measures,
          this.#x,
          choose((value) => {
            this.#x = value;
          }),
        ),
        dropDown(
          "y",
          measures,
          this.#y,
          choose((value) => {
            this.#y = value;
          }),
        ),
        dropDown(
          "series",
          series,
          this.#series,
          choose((value) => {
            this.#series = value;
          }),
        ),
      ),
      this.#chart,
      this.#note,
    );
  }

  restyle(style: PageStyle): void {
    this.#style = style;
    this.draw(this.#keep);
  }

  draw(keep: (row: number) => boolean): void {
    this.#keep = keep;
    const [x, y] = [this.#column(this.#x), this.#column(this.#y)];
    if (x === undefined || y === undefined) return;
    const points = pointsOf(this.#table, { x, y, series: this.#column(this.#series) }, keep).flatMap((point) =>
      point.rows.map((row) => ({ ...point, y: y.values[row] as number, rows: [row] })),
    );
    this.#note.textContent = [
      "A point is a run. Circled: no other run is at least as good in both measures and better in one.",
      this.#series === "" ? "" : `Colours: ${this.#series}.`,
    ].join(" ");
    this.#chart.replaceChildren(
      paretoChart(
        {
          points,
          x: { name: x.name, unit: x.unit, wish: wishOf(x.name) },
          y: { name: y.name, unit: y.unit, wish: wishOf(y.name) },
          seriesName: this.#series === "" ? undefined : this.#series,
          describe: (row) => runLabel(this.#table, row),
        },
        this.#style(this.#chart),
      ),
    );
  }

  #measures(): RunColumn[] {
    return this.#table.columns.filter(({ values }) => values.every((value) => typeof value !== "string"));
  }

  #column(name: string): RunColumn | undefined {
    return this.#table.columns.find((column) => column.name === name);
  }

  #varies(name: string): boolean {
    const column = this.#column(name);
    return column !== undefined && new Set(column.values).size > 1;
  }
}
