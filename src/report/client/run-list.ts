/** The table of runs: sorted by any column, a page of rows at a time, with the columns that the reader wants. */

import { cellText } from "../../analysis/run-label.ts";
import type { Cell, RunColumn, RunTable } from "../../analysis/run-table.ts";
import { checkBox, element } from "./dom.ts";

const PAGE_ROWS = 50;

const SHOWN_METRICS = new Set([
  "completed",
  "unfinished",
  "requests_per_second",
  "output_tokens_per_second",
  "ttft_p50",
  "ttft_p99",
  "tbt_mean",
  "tbt_p99",
  "e2e_p50",
  "e2e_p99",
  "utilisation",
  "within_slo",
  "cost",
  "power",
]);

interface ShownColumn extends Pick<RunColumn, "name" | "unit" | "doc" | "values"> {
  readonly isNumeric: boolean;
}

export class RunList {
  readonly #table: RunTable;
  readonly #root: HTMLElement;
  readonly #columns: readonly ShownColumn[];
  readonly #shown: Set<string>;
  #rows: number[] = [];
  #sortedBy = "run";
  #descending = false;
  #page = 0;

  constructor(table: RunTable, root: HTMLElement) {
    this.#table = table;
    this.#root = root;
    this.#columns = [
      { name: "run", unit: "", doc: "Number of the run", values: table.numbers, isNumeric: true },
      ...table.columns
        .filter(({ role }) => role !== "metric")
        .map((column) => ({ ...column, isNumeric: column.values.every((value) => typeof value !== "string") })),
      { name: "status", unit: "", doc: "done, failed or pending", values: table.status, isNumeric: false },
      ...table.columns.filter(({ role }) => role === "metric").map((column) => ({ ...column, isNumeric: true })),
    ];
    this.#shown = new Set(
      this.#columns
        .map(({ name }) => name)
        .filter(
          (name) => SHOWN_METRICS.has(name) || !table.columns.some((c) => c.name === name && c.role === "metric"),
        ),
    );
  }

  show(rows: number[]): void {
    this.#rows = rows;
    this.#page = 0;
    this.#draw();
  }

  #draw(): void {
    const columns = this.#columns.filter(({ name }) => this.#shown.has(name));
    const sorted = this.#sorted();
    const pages = Math.max(1, Math.ceil(sorted.length / PAGE_ROWS));
    const first = this.#page * PAGE_ROWS;
    const body = element(
      "tbody",
      {},
      ...sorted.slice(first, first + PAGE_ROWS).map((row) => {
        const notes = this.#table.notes[row].join(" ");
        return element(
          "tr",
          { class: this.#table.status[row], title: notes === "" ? undefined : notes },
          ...columns.map(({ values, isNumeric }) =>
            element("td", { class: isNumeric ? "number" : undefined }, cellText(values[row])),
          ),
        );
      }),
    );
    const table = element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...columns.map((c) => this.#header(c)))),
      body,
    );
    const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Runs" }, table);
    this.#root.replaceChildren(this.#columnChooser(), scroll, this.#pager(sorted.length, pages));
  }

  #header({ name, unit, doc, isNumeric }: ShownColumn): HTMLElement {
    const isSorted = name === this.#sortedBy;
    const arrow = isSorted ? (this.#descending ? " ↓" : " ↑") : "";
    const button = element("button", { type: "button", title: doc, "aria-label": name }, ...breakable(name), arrow);
    button.addEventListener("click", () => {
      this.#descending = isSorted && !this.#descending;
      this.#sortedBy = name;
      this.#draw();
      this.#root.querySelector<HTMLElement>("th[aria-sort] button")?.focus();
    });
    const order = isSorted ? (this.#descending ? "descending" : "ascending") : undefined;
    return element(
      "th",
      { scope: "col", "aria-sort": order, class: isNumeric ? "number" : undefined },
      button,
      unit === "" || unit === "1" ? undefined : element("small", {}, unit),
    );
  }

  /** Rows without a value come last, whichever way the others go. */
  #sorted(): number[] {
    const column = this.#columns.find(({ name }) => name === this.#sortedBy);
    if (column === undefined) return this.#rows;
    const sign = this.#descending ? -1 : 1;
    return [...this.#rows].sort((a, b) => {
      const [x, y] = [column.values[a], column.values[b]];
      if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
      return sign * compareCells(x, y) || a - b;
    });
  }

  #columnChooser(): HTMLElement {
    const chooser = element(
      "details",
      { class: "columns" },
      element("summary", {}, `Columns (${this.#shown.size} of ${this.#columns.length})`),
      element(
        "div",
        { class: "controls" },
        ...this.#columns.map(({ name }) =>
          checkBox(name, this.#shown.has(name), (checked) => {
            if (checked) this.#shown.add(name);
            else this.#shown.delete(name);
            this.#draw();
            const reopened = this.#root.querySelector("details");
            if (reopened !== null) reopened.open = true;
          }),
        ),
      ),
    );
    return chooser;
  }

  #pager(count: number, pages: number): HTMLElement {
    const turn = (label: string, page: number, enabled: boolean) => {
      const button = element("button", { type: "button", disabled: enabled ? undefined : "" }, label);
      button.addEventListener("click", () => {
        this.#page = page;
        this.#draw();
      });
      return button;
    };
    const text = `${count} of ${this.#table.count} runs${pages > 1 ? `, page ${this.#page + 1} of ${pages}` : ""}`;
    return element(
      "p",
      { class: "pager" },
      element("span", { "aria-live": "polite" }, text),
      ...(pages > 1
        ? [turn("Previous", this.#page - 1, this.#page > 0), turn("Next", this.#page + 1, this.#page < pages - 1)]
        : []),
    );
  }
}

/** On paper a long name is broken behind its dots and underscores. */
function breakable(name: string): (string | HTMLElement)[] {
  return name.split(/(?<=[._])/).flatMap((part, i) => (i === 0 ? [part] : [element("wbr"), part]));
}

function compareCells(a: Exclude<Cell, null>, b: Exclude<Cell, null>): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
