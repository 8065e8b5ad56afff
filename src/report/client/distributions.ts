/** Distributions of latencies over the requests of single runs. */
import { LATENCIES, type Latency } from "../../analysis/latencies.ts";
import { runLabel } from "../../analysis/run-label.ts";
import { cdfChart } from "../charts/cdf-chart.ts";
import type { ReportData, RunDistribution } from "../report-data.ts";
import { checkBox, dropDown, element } from "./dom.ts";
import type { Figure, PageStyle } from "./figure.ts";

/** More curves than colours cannot be told apart. */
const MAX_CURVES = 8;

export class Distributions implements Figure {
  readonly #data: ReportData;
  readonly #chart = element("div", { class: "chart" });
  readonly #note = element("p", { class: "note" });
  #style: PageStyle;
  #keep: (row: number) => boolean = () => true;
  #latency: Latency = "ttft_times";
  #logX = true;

  constructor(data: ReportData, root: HTMLElement, style: PageStyle) {
    this.#data = data;
    this.#style = style;
    const choices = Object.entries(LATENCIES).map(([value, label]) => ({ value, label }));
    root.append(
      element(
        "div",
        { class: "controls" },
        dropDown("latency", choices, this.#latency, (value) => {
          this.#latency = value as Latency;
          this.draw(this.#keep);
        }),
        checkBox("log x", this.#logX, (checked) => {
          this.#logX = checked;
          this.draw(this.#keep);
        }),
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
    const { distributions, distributionsLeftOut } = this.#data;
    const passing = distributions.filter(({ row }) => keep(row));
    const drawn = spread(passing, MAX_CURVES);
    this.#chart.replaceChildren(
      drawn.length === 0
        ? element("p", { class: "note" }, "No run with a table of its requests passes the filter.")
        : cdfChart(
            {
              curves: drawn.map((run) => ({ label: runLabel(this.#data.table, run.row), seconds: run[this.#latency] })),
              latency: LATENCIES[this.#latency],
              logX: this.#logX,
            },
            this.#style(this.#chart),
          ),
    );
    this.#note.textContent = [
      drawn.length < passing.length
        ? `${drawn.length} of ${passing.length} runs are drawn, evenly chosen: filter above to see others.`
        : "",
      distributionsLeftOut > 0 ? `The requests of ${distributionsLeftOut} further runs were not read.` : "",
    ].join(" ");
  }
}

function spread(runs: readonly RunDistribution[], most: number): readonly RunDistribution[] {
  if (runs.length <= most) return runs;
  return Array.from({ length: most }, (_, i) => runs[Math.round((i * (runs.length - 1)) / (most - 1))]);
}
