/** The part of a report about models that are swapped: a table each for models, processors and links of every run. */
import { escapeHtml } from "./escape-html.ts";
import type { ReportData, RunSwapping, SwappingTable } from "./report-data.ts";

type Row = Readonly<Record<string, string>>;
type Column = readonly [title: string, text: (row: Row) => string];

const plain = (name: string) => (row: Row) => row[name] ?? "";
const rounded = (name: string) => (row: Row) => round(row[name]);
const percent = (name: string) => (row: Row) => (isNumber(row[name]) ? share(Number(row[name])) : "–");

const MODELS: readonly Column[] = [
  ["model", plain("model")],
  ["requests", plain("requests")],
  ["cold starts", percent("cold_start_ratio")],
  ["loads", plain("loads")],
  ["mean load, s", rounded("mean_load_seconds")],
  ["loaded, GB", rounded("loaded_gigabytes")],
  ["evictions", plain("evictions")],
  ["pre-emptions", plain("preemptions")],
  ["within SLO", percent("slo_attainment")],
];

const GROUPS: readonly Column[] = [
  ["server", plain("server")],
  ["processors", (row) => `${row.processor_name} × ${row.processors}`],
  ["busy", percent("busy")],
  ["loading", percent("loading")],
  ["idle", ({ busy }) => (isNumber(busy) ? share(Math.max(0, 1 - Number(busy))) : "–")],
  ["memory", percent("memory_share")],
];

const LINKS: readonly Column[] = [
  ["link", plain("link")],
  ["GB/s", ({ bytes_per_second: bytes }) => round(String(Number(bytes) / 1e9))],
  ["busy", percent("busy")],
  ["moved, GB", rounded("moved_gigabytes")],
  ["utilisation", percent("utilisation")],
];

/** Nothing if no run has swapped models. */
export function swappingSection({ swapping }: ReportData): string {
  if (swapping === undefined || swapping.runs.length === 0) return "";
  const { runs, leftOut } = swapping;
  const note = [
    "Shares are of the simulated time. Idle processors do not compute; weights may be on their way to them. The filter does not apply here.",
    leftOut > 0 ? `${leftOut} more runs have such tables.` : "",
  ].join(" ");
  const tables = runs.map((run, index) => runTables(run, index === 0)).join("");
  return `<section id="swapping"><h2>Models, processors and links</h2><p class="note">${note}</p>${tables}</section>`;
}

function runTables({ number, overrides, models, groups, links }: RunSwapping, isOpen: boolean): string {
  const moving = { ...links, rows: links.rows.filter(({ moved_gigabytes: moved }) => Number(moved) > 0) };
  return `<details${isOpen ? " open" : ""}><summary>Run ${number} <code>${escapeHtml(overrides)}</code></summary>
${table("Models", MODELS, models)}${table("Processors", GROUPS, groups)}${table("Links that moved something", LINKS, moving)}</details>`;
}

function table(name: string, columns: readonly Column[], { rows, total }: SwappingTable): string {
  const head = columns.map(([title]) => `<th scope="col">${title}</th>`).join("");
  const body = rows.map((row) => `<tr>${columns.map(([, text]) => `<td>${escapeHtml(text(row))}</td>`).join("")}</tr>`);
  const caption = rows.length < total ? `${name} (${rows.length} of ${total})` : name;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && text !== "" && Number.isFinite(Number(text));
}

function round(text: string | undefined): string {
  return isNumber(text) ? String(Number(Number(text).toPrecision(4))) : "–";
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
