/** What runs that recorded samples were doing, over simulated time. */
import { timeChart } from "../charts/time-chart.ts";
import type { ReportData } from "../report-data.ts";
import { dropDown, element } from "./dom.ts";
import type { Figure, PageStyle } from "./figure.ts";
import { runLabel } from "./run-label.ts";

const MAX_RUNS = 6;

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
    const passing = this.#data.timeSeries.filter(({ row }) => keep(row));
    const drawn = passing.slice(0, MAX_RUNS);
    let unit = "";
    const curves = drawn.flatMap(({ row, seconds, measures }) =>
      measures
        .filter(({ name }) => name === this.#measure)
        .map((measure) => {
          unit = measure.unit;
          return { label: runLabel(this.#data.table, row), seconds, ...measure };
        }),
    );
    this.#chart.replaceChildren(
      curves.length === 0
        ? element("p", { class: "note" }, "No run with samples passes the filter.")
        : timeChart({ curves, name: this.#measure, unit }, this.#style(this.#chart)),
    );
    this.#note.textContent = [
      "Lines are means over the instances of a run, bands reach from the least to the most of them.",
      drawn.length < passing.length ? `The first ${drawn.length} of ${passing.length} runs are drawn.` : "",
    ].join(" ");
  }
}
