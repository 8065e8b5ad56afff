/** Which runs keep their objectives: each measure over its limit, or the share of requests that meet a target. */

import { runLabel, shortNumber } from "../../analysis/run-label.ts";
import type { Objective, ReportData } from "../report-data.ts";
import { element } from "./dom.ts";
import type { Figure, PageStyle } from "./figure.ts";

const PAGE_ROWS = 20;

export class Attainment implements Figure {
  readonly #data: ReportData;
  readonly #place = element("div", {
    class: "scroll",
    tabindex: "0",
    role: "region",
    "aria-label": "Objectives",
  });
  readonly #note = element("p", { class: "note" });
  readonly #more = element("button", { type: "button", class: "more" }, "Show more");
  #keep: (row: number) => boolean = () => true;
  #most = PAGE_ROWS;

  constructor(data: ReportData, root: HTMLElement) {
    this.#data = data;
    this.#more.addEventListener("click", () => {
      this.#most *= 4;
      this.draw(this.#keep);
    });
    root.append(this.#note, this.#place, this.#more);
  }

  restyle(_style: PageStyle): void {}

  draw(keep: (row: number) => boolean): void {
    this.#keep = keep;
    const { table, objectives } = this.#data;
    const rows = Array.from({ length: table.count }, (_, row) => row).filter(
      (row) => table.status[row] === "done" && keep(row),
    );
    const columns = objectives.map((objective) => ({
      objective,
      values: table.columns.find(({ name }) => name === objective.column)?.values ?? [],
    }));
    const head = element(
      "tr",
      {},
      element("th", { scope: "col" }, "run"),
      ...objectives.map((objective) =>
        element("th", { scope: "col", class: "number" }, objective.label, element("small", {}, limitText(objective))),
      ),
    );
    const body = rows
      .slice(0, this.#most)
      .map((row) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, runLabel(table, row)),
          ...columns.map(({ objective, values }) => objectiveCell(objective, values[row])),
        ),
      );
    this.#place.replaceChildren(
      element("table", { class: "objectives" }, element("thead", {}, head), element("tbody", {}, ...body)),
    );
    this.#more.hidden = rows.length <= this.#most;
    this.#note.textContent = this.#summary(rows);
  }

  #summary(rows: readonly number[]): string {
    const { table, objectives } = this.#data;
    const within = table.columns.find(({ name }) => name === "within_slo");
    const kept = rows.filter((row) => within?.values[row] === 1).length;
    return [
      within === undefined ? "" : `${kept} of ${rows.length} runs keep every limit and leave no request unfinished.`,
      objectives.some(({ kind }) => kind === "limit")
        ? "Slowdowns against a request alone on the reference hardware; a cross marks those that reach their limit."
        : "Shares of all requests; those that were not completed meet nothing.",
      rows.length > this.#most ? `The first ${this.#most} of ${rows.length} runs are listed.` : "",
    ].join(" ");
  }
}

function limitText({ kind, limit }: Objective): string {
  if (limit === null) return kind === "share" ? "" : "limit differs";
  return kind === "limit" ? `< ${shortNumber(limit)}` : `≤ ${shortNumber(limit)} s`;
}

function objectiveCell({ kind, limit }: Objective, value: number | string | null | undefined): HTMLElement {
  if (typeof value !== "number") return element("td", { class: "number" }, "–");
  if (kind === "limit") {
    const isKept = limit === null ? undefined : value < limit;
    const mark = isKept === undefined ? "" : isKept ? "✓" : "✗";
    const cell = element("td", { class: `number ${isKept === undefined ? "" : isKept ? "kept" : "missed"}` });
    cell.append(shortNumber(Number(value.toPrecision(3))), " ", element("span", { class: "mark" }, mark));
    return cell;
  }
  const cell = element("td", { class: "number share" });
  cell.style.setProperty("--share", `${100 * value}%`);
  cell.append(`${(100 * value).toFixed(1)} %`);
  return cell;
}
