/** Brings the page to life: reads its data, draws its figures, filters its runs. */

import { rowFilter } from "../../analysis/row-filter.ts";
import { DARK_PALETTE, LIGHT_PALETTE } from "../charts/style.ts";
import type { ReportData } from "../report-data.ts";
import { Attainment } from "./attainment.ts";
import { Distributions } from "./distributions.ts";
import { byId, element } from "./dom.ts";
import { Explorer } from "./explore.ts";
import type { Figure, PageStyle } from "./figure.ts";
import { OverTime } from "./over-time.ts";
import { RunList } from "./run-list.ts";
import { TradeOff } from "./trade-off.ts";

const data = JSON.parse(byId("data").textContent ?? "") as ReportData;
const { table } = data;

/** CSS pixels between the margins of A4 paper. */
const PAPER_WIDTH = 680;
/** Two figures fit on a page. */
const PAPER_HEIGHT = 270;

const root = document.documentElement;

const style: PageStyle = (place) => {
  const computed = getComputedStyle(root);
  const isDark = computed.getPropertyValue("--scheme").trim() === "dark";
  const isPrinting = root.dataset.printing !== undefined;
  const width = isPrinting ? PAPER_WIDTH : Math.max(280, place.clientWidth);
  return {
    width,
    height: isPrinting ? PAPER_HEIGHT : Math.min(420, Math.max(260, width * 0.55)),
    ink: computed.getPropertyValue("--ink").trim(),
    grid: computed.getPropertyValue("--ink").trim(),
    palette: isDark ? DARK_PALETTE : LIGHT_PALETTE,
    fontFamily: "system-ui, sans-serif",
    tips: true,
  };
};

const figures: Figure[] = [];
if (table.columns.some(({ role }) => role === "metric")) {
  figures.push(new Explorer(table, byId("explore"), style));
  figures.push(new TradeOff(table, byId("trade-off"), style));
}
if (data.objectives.length > 0) figures.push(new Attainment(data, byId("attainment")));
if (data.distributions.length > 0) figures.push(new Distributions(data, byId("distributions"), style));
if (data.timeSeries.length > 0) figures.push(new OverTime(data, byId("over-time"), style));
const runs = new RunList(table, byId("runs"));
const rows = Array.from({ length: table.count }, (_, row) => row);

const filter = byId("filter") as HTMLInputElement;
const message = byId("filter-message");

function applyFilter(): void {
  let keep: (row: number) => boolean;
  try {
    keep = rowFilter(table, filter.value);
    message.textContent = "";
  } catch (error) {
    message.textContent = (error as Error).message;
    return;
  }
  runs.show(rows.filter(keep));
  for (const figure of figures) figure.draw(keep);
}

function restyle(): void {
  for (const figure of figures) figure.restyle(style);
}

let waiting: number | undefined;
filter.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = window.setTimeout(applyFilter, 150);
});

const schemes = ["auto", "light", "dark"];
const toggle = byId("scheme");
toggle.addEventListener("click", () => {
  const next = schemes[(schemes.indexOf(root.dataset.scheme ?? "auto") + 1) % schemes.length];
  root.dataset.scheme = next;
  toggle.textContent = `Colours: ${next}`;
  restyle();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
let width = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth === width) return;
  width = window.innerWidth;
  restyle();
});
window.addEventListener("beforeprint", () => {
  root.dataset.printing = "";
  restyle();
});
window.addEventListener("afterprint", () => {
  delete root.dataset.printing;
  restyle();
});

const configFilter = document.getElementById("config-filter") as HTMLInputElement | null;
configFilter?.addEventListener("input", () => {
  const wanted = configFilter.value.toLowerCase();
  for (const line of document.querySelectorAll<HTMLElement>("#config tbody tr")) {
    line.hidden = !(line.textContent ?? "").toLowerCase().includes(wanted);
  }
});

applyFilter();
document.body.append(element("div", { id: "ready", hidden: "" }));
