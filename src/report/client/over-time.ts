/** What runs that recorded samples were doing, over simulated time. */

import { runLabel } from "../../analysis/run-label.ts";
import { MOST_BANDS, timeChart } from "../charts/time-chart.ts";
import type { ReportData } from "../report-data.ts";
import { dropDown, element } from "./dom.ts";
import type { Figure, PageStyle } from "./figure.ts";

const MAX_CURVES = 6;

export class OverTime implements Figure {
  readonly #data: ReportData;
  readonly #chart = element("div", { class: "chart" });
  readonly #note = element("p", { class: "note" });
  #style: PageStyle;
  #keep: (row: number) => boolean = () => true;
  #measure: string;

  constructor(data: ReportData, root: HTMLElement, style: PageStyle) {
    this.#data = data;
    this.#style = style;
    const names = [...new Set(data.timeSeries.flatMap(({ measures }) => measures.map(({ name }) => name)))];
    this.#measure = names[0];
    const choices = names.map((name) => ({ value: name, label: name }));
    const controls = dropDown("measure", choices, this.#measure, (value) => {
      this.#measure = value;
      this.draw(this.#keep);
    });
    root.append(element("div", { class: "controls" }, controls), this.#chart, this.#note);
  }

  restyle(style: PageStyle): void {
    this.#style = style;
    this.draw(this.#keep);
  }

  draw(keep: (row: number) => boolean): void {
    this.#keep = keep;
    const { timeSeries, timeSeriesLeftOut, table } = this.#data;
    const passing = timeSeries.filter(({ row }) => keep(row));
    const drawn = passing.slice(0, MAX_CURVES);
    const curves = drawn.flatMap(({ row, pool, seconds, measures }) =>
      measures
        .filter(({ name }) => name === this.#measure)
        .map((measure) => ({ label: [runLabel(table, row), pool].join(" ").trim(), seconds, ...measure })),
    );
    this.#chart.replaceChildren(
      curves.length === 0
        ? element("p", { class: "note" }, "No run with samples of this measure passes the filter.")
        : timeChart({ curves, name: this.#measure, unit: curves[0].unit }, this.#style(this.#chart)),
    );
    const most = Math.max(...drawn.map(({ samplesPerPoint }) => samplesPerPoint));
    this.#note.textContent = [
      curves.length === 0 ? "" : `${curves[0].doc}.`,
      "Lines are means over the instances of a pool.",
      curves.length <= MOST_BANDS ? "Bands reach from the least to the most of one instance." : "",
      most > 1 ? `A point stands for up to ${most} samples.` : "",
      drawn.length < passing.length ? `The first ${drawn.length} of ${passing.length} curves are drawn.` : "",
      timeSeriesLeftOut > 0 ? `The samples of ${timeSeriesLeftOut} further runs were not read.` : "",
    ].join(" ");
  }
}
