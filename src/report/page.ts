/** The report: one HTML file that carries its data, its figures' code and its style, and asks the network for nothing. */
import { createHash } from "node:crypto";
import { escapeHtml } from "./escape-html.ts";
import type { ConfigLeaf, Failure, ReportData } from "./report-data.ts";
import { STYLE_SHEET } from "./style-sheet.ts";

/** `script` is the built code of the page (`dist/report/browser.js`). */
export function reportPage(data: ReportData, script: string): string {
  // No sequence of the data may end its element.
  const json = JSON.stringify(data, compactNumber).replaceAll("<", "\\u003c");
  const code = script.replaceAll("</script", "<\\/script");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${createHash("sha256").update(code).digest("base64")}'`,
    "style-src 'unsafe-inline'",
    "img-src data:",
  ].join("; ");
  const { table, failures, config } = data;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(data.title)}</title>
<style>${STYLE_SHEET}</style>
</head>
<body>
<header>
<h1>${escapeHtml(data.title)}</h1>
<button type="button" id="scheme">Colours: auto</button>
</header>
<main>
${overview(data)}
<section class="filter"><label for="filter">Filter</label><input id="filter" type="search" spellcheck="false" autocomplete="off" placeholder="${escapeHtml(filterExample(data))}"><span id="filter-message" role="alert"></span>
<p class="note">Words that all must hold, for every table and figure: comparisons with a column (&lt; &lt;= = != &gt;= &gt;), or parts of swept values.</p></section>
${section(
  "explore",
  "Metrics against parameters",
  table.columns.some(({ role }) => role === "metric"),
)}
${section(
  "trade-off",
  "Trade-offs",
  table.columns.some(({ role }) => role === "metric"),
)}
${section("attainment", "Service level objectives", data.objectives.length > 0)}
${section("distributions", "Distributions of latency", data.distributions.length > 0)}
${section("over-time", "Over time", data.timeSeries.length > 0)}
${section("runs", "Runs", true)}
${failures.length === 0 ? "" : failureList(failures)}
${configTable(config)}
</main>
<footer>Made by ${escapeHtml(data.createdBy)}. Means over seeds carry 95 % confidence intervals; columns are explained where the pointer rests on their names.</footer>
<noscript><p>The figures and the table of runs need JavaScript, which this file carries with it.</p></noscript>
<script type="application/json" id="data">${json}</script>
<script>${code}</script>
</body>
</html>
`;
}

/** Six significant digits: what figures and tables show, at half the size. */
function compactNumber(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}

function section(id: string, title: string, isShown: boolean): string {
  return isShown ? `<section><h2>${title}</h2><div id="${id}"></div></section>` : "";
}

function overview({ table, failures }: ReportData): string {
  const count = (status: string) => table.status.filter((one) => one === status).length;
  const requests = sumOf(table.columns.find(({ name }) => name === "requests")?.values ?? []);
  const swept = table.columns
    .filter(({ role }) => role === "parameter")
    .map(({ name, values }) => `<li><code>${escapeHtml(name)}</code> ${escapeHtml(valuesText(values))}</li>`);
  const tiles = [
    ["runs done", String(count("done"))],
    ...(failures.length > 0 || count("failed") > 0 ? [["failed", String(count("failed"))]] : []),
    ...(count("pending") > 0 ? [["not run yet", String(count("pending"))]] : []),
    ...(requests > 0 ? [["requests simulated", requests.toLocaleString("en")]] : []),
  ];
  return `<section class="overview">
<dl>${tiles.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join("")}</dl>
${swept.length === 0 ? "" : `<div><h2>Swept</h2><ul>${swept.join("")}</ul></div>`}
</section>`;
}

function sumOf(values: readonly unknown[]): number {
  let sum = 0;
  for (const value of values) if (typeof value === "number") sum += value;
  return sum;
}

const MOST_VALUES = 12;

function valuesText(values: readonly (number | string | null)[]): string {
  const all = [...new Set(values)].map((value) => String(value ?? "–"));
  if (all.length <= MOST_VALUES) return all.join(", ");
  return `${all.slice(0, 3).join(", ")}, … ${all.at(-1)} (${all.length} values)`;
}

function filterExample({ table }: ReportData): string {
  const parameter = table.columns.find(({ role, values }) => role === "parameter" && values[0] !== null);
  const example = parameter === undefined ? "" : ` ${parameter.name}=${parameter.values[0]}`;
  return `ttft_p99<0.5${example}`;
}

function failureList(failures: readonly Failure[]): string {
  const items = failures.map(
    ({ number, overrides, message }) =>
      `<li><strong>Run ${number}</strong> <code>${escapeHtml(overrides)}</code><br>${escapeHtml(message)}</li>`,
  );
  return `<section id="failures"><h2>Failures</h2><ul>${items.join("")}</ul></section>`;
}

function configTable(config: readonly ConfigLeaf[]): string {
  if (config.length === 0) return "";
  const hasOrigins = config.some(({ origin }) => origin !== "");
  const rows = config.map(
    ({ path, value, origin }) =>
      `<tr><td><code>${escapeHtml(path)}</code></td><td><code>${escapeHtml(value)}</code></td>${hasOrigins ? `<td>${escapeHtml(origin)}</td>` : ""}</tr>`,
  );
  return `<section><details><summary><h2>Configuration of the first run</h2></summary>
<p><label for="config-filter">Find</label> <input id="config-filter" type="search" spellcheck="false"></p>
<div class="scroll" tabindex="0" role="region" aria-label="Configuration"><table id="config"><thead><tr><th scope="col">key</th><th scope="col">value</th>${hasOrigins ? '<th scope="col">set by</th>' : ""}</tr></thead><tbody>${rows.join("")}</tbody></table></div></details></section>`;
}
