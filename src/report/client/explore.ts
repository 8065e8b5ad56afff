/** A metric against whatever was swept: the reader chooses the axes. */
import { averagedKeys, pointsOf } from "../../analysis/points.ts";
import type { RunColumn, RunTable } from "../../analysis/run-table.ts";
import { metricChart } from "../charts/metric-chart.ts";
import { checkBox, dropDown, element } from "./dom.ts";
import type { Figure, PageStyle } from "./figure.ts";

const NONE = "";
/** More lines or panels than this cannot be told apart. */
const MAX_SERIES = 8;
const MAX_FACETS = 6;
const FIRST_METRICS = ["ttft_p99", "ttft_p90", "e2e_p99", "requests_per_second"];

export class Explorer implements Figure {
  readonly #table: RunTable;
  readonly #chart = element("div", { class: "chart" });
  readonly #note = element("p", { class: "note" });
  #keep: (row: number) => boolean = () => true;
  #style: PageStyle;
  #x: string;
  #y: string;
  #series: string;
  #facet: string;
  #logX = false;
  #logY = false;

  constructor(table: RunTable, root: HTMLElement, style: PageStyle) {
    this.#table = table;
    this.#style = style;
    const groups = this.#groups().filter((column) => column.name !== "seed" && distinct(column) > 1);
    const swept = groups.filter(({ role }) => role === "parameter");
    // Labels mostly repeat what was swept.
    const varied = swept.length > 0 ? swept : groups;
    const numeric = varied.filter(({ values }) => values.every((value) => typeof value !== "string"));
    const byValues = [...numeric].sort((a, b) => distinct(b) - distinct(a));
    const x = numeric.find(({ name }) => /(^|\.)rate$/.test(name)) ?? byValues[0] ?? varied[0] ?? this.#axes()[0];
    const others = varied.filter((column) => column !== x);
    this.#x = x?.name ?? "";
    this.#series = others.find((column) => distinct(column) <= MAX_SERIES)?.name ?? NONE;
    this.#facet = others.find((c) => c.name !== this.#series && distinct(c) <= MAX_FACETS)?.name ?? NONE;
    const metrics = this.#metrics().map(({ name }) => name);
    this.#y = FIRST_METRICS.find((name) => metrics.includes(name)) ?? metrics[0] ?? "";
    root.append(this.#controls(), this.#chart, this.#note);
  }

  restyle(style: PageStyle): void {
    this.#style = style;
    this.draw(this.#keep);
  }

  draw(keep: (row: number) => boolean): void {
    this.#keep = keep;
    const [x, y] = [this.#column(this.#x), this.#column(this.#y)];
    if (x === undefined || y === undefined) {
      this.#note.textContent = "No run has a result to show.";
      return;
    }
    const choice = { x, y, series: this.#column(this.#series), facet: this.#column(this.#facet) };
    const points = pointsOf(this.#table, choice, keep);
    const averaged = averagedKeys(this.#table, choice);
    const repeated = points.some(({ rows }) => rows.length > 1);
    this.#note.textContent = [
      y.doc === "" ? "" : `${y.name}: ${y.doc}.`,
      choice.series === undefined ? "" : `Colours: ${choice.series.name}.`,
      repeated ? "Points are means, bands their 95 % intervals (Student's t)." : "",
      averaged.length > 0
        ? `Caution: the means are also over ${averaged.join(", ")}; choose them as series or facet, or filter.`
        : "",
    ].join(" ");
    this.#chart.replaceChildren(
      points.length === 0
        ? element("p", { class: "note" }, "No run with these values passes the filter.")
        : metricChart(
            {
              points,
              x,
              y,
              seriesName: choice.series?.name,
              facetName: choice.facet?.name,
              logX: this.#logX,
              logY: this.#logY,
            },
            this.#style(this.#chart),
          ),
    );
  }

  #controls(): HTMLElement {
    const redraw = () => this.draw(this.#keep);
    const axes = this.#axes().map(named);
    const groups = [
      { value: NONE, label: "none" },
      ...this.#groups()
        .filter((column) => distinct(column) <= 40)
        .map(named),
    ];
    return element(
      "div",
      { class: "controls" },
      dropDown("x", axes, this.#x, (value) => {
        this.#x = value;
        redraw();
      }),
      dropDown("y", this.#metrics().map(named), this.#y, (value) => {
        this.#y = value;
        redraw();
      }),
      dropDown("series", groups, this.#series, (value) => {
        this.#series = value;
        redraw();
      }),
      dropDown("facet", groups, this.#facet, (value) => {
        this.#facet = value;
        redraw();
      }),
      checkBox("log x", this.#logX, (checked) => {
        this.#logX = checked;
        redraw();
      }),
      checkBox("log y", this.#logY, (checked) => {
        this.#logY = checked;
        redraw();
      }),
    );
  }

  /** Parameters and labels first: they are what runs were made to differ in. */
  #axes(): RunColumn[] {
    const { columns } = this.#table;
    return [...columns.filter(({ role }) => role !== "metric"), ...columns.filter(({ role }) => role === "metric")];
  }

  #groups(): RunColumn[] {
    return this.#table.columns.filter((column) => column.role !== "metric");
  }

  #metrics(): RunColumn[] {
    return this.#table.columns.filter(({ role }) => role === "metric");
  }

  #column(name: string): RunColumn | undefined {
    return this.#table.columns.find((column) => column.name === name);
  }
}

function named({ name }: RunColumn) {
  return { value: name, label: name };
}

function distinct(column: RunColumn | undefined): number {
  return column === undefined ? 0 : new Set(column.values).size;
}
