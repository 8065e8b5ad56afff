/** The look of the report, light and dark on screens; on paper always light. */
const DARK =
  "--scheme: dark; --ink: #e6e9ee; --soft: #9aa5b4; --paper: #14171c; --panel: #1d2127; --rule: #343b45; --accent: #6cb6f5; --bad: #ff8a80; --good: #6fd08c; color-scheme: dark;";

export const STYLE_SHEET = `
:root { --scheme: light; --ink: #1b1f24; --soft: #5a6472; --paper: #ffffff; --panel: #f6f7f9; --rule: #d9dde3; --accent: #0a62a8; --bad: #b3261e; --good: #1b7a3d; color-scheme: light; }
@media screen and (prefers-color-scheme: dark) { :root:not([data-scheme="light"], [data-printing]) { ${DARK} } }
@media screen { :root[data-scheme="dark"]:not([data-printing]) { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 0 1.25rem 2rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; border-bottom: 1px solid var(--rule); }
h1 { font-size: 1.35rem; margin: 1.1rem 0 .7rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
section { margin: 1.6rem 0; }
section.overview { display: flex; flex-wrap: wrap; gap: 1rem 3rem; }
section.overview ul { margin: 0; padding: 0; list-style: none; }
section.overview h2 { margin: .1rem 0; font-size: .8rem; color: var(--soft); font-weight: 500; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; }
dt { font-size: .8rem; color: var(--soft); }
dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
code { font: .9em ui-monospace, "Cascadia Mono", Menlo, monospace; overflow-wrap: anywhere; }
button, select, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--rule); border-radius: 5px; padding: .2rem .5rem; max-width: 100%; }
button { cursor: pointer; }
button:disabled { opacity: .4; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.filter { position: sticky; top: 0; z-index: 2; background: var(--paper); padding: .5rem 0 .2rem; border-bottom: 1px solid var(--rule); display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: center; }
.filter input { flex: 1 1 16rem; }
.filter .note { flex-basis: 100%; }
#filter-message { color: var(--bad); }
.controls { display: flex; flex-wrap: wrap; gap: .4rem .9rem; margin: 0 0 .6rem; }
.control { display: inline-flex; align-items: center; gap: .35rem; font-size: .85rem; }
.control > span { color: var(--soft); }
.control.check > span { color: var(--ink); }
.control select { max-width: 15rem; }
.chart { background: var(--panel); border-radius: 8px; padding: .6rem; overflow-x: auto; --plot-background: var(--panel); }
.chart figure { margin: 0; }
.chart svg { --plot-background: var(--panel); }
.chart [class*="-swatches"] { font-size: 12px; }
.note { color: var(--soft); font-size: .82rem; margin: .35rem 0 0; }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--rule); }
tbody tr:last-child td { border-bottom: 0; }
#config td { white-space: normal; vertical-align: top; }
.number, #swapping :is(th, td):not(:first-child) { text-align: right; }
caption { padding: .25rem .6rem; text-align: left; color: var(--soft); }
#swapping .scroll { margin: .5rem 0 .8rem; }
th { background: var(--panel); font-weight: 600; vertical-align: top; }
th button { border: 0; padding: 0; background: none; font-weight: 600; white-space: nowrap; }
th small { display: block; font-weight: 400; color: var(--soft); }
th[aria-sort] button { color: var(--accent); }
tr.failed td, tr.failed td { color: var(--bad); }
tr.pending td { color: var(--soft); }
table.objectives th[scope="row"] { font-weight: 400; text-align: left; }
table.objectives th.number, #swapping :is(th, td):not(:first-child) { text-align: right; }
caption { padding: .25rem .6rem; text-align: left; color: var(--soft); }
#swapping .scroll { margin: .5rem 0 .8rem; }
.kept { background: color-mix(in srgb, var(--good) 11%, transparent); }
.missed { background: color-mix(in srgb, var(--bad) 14%, transparent); }
.kept .mark { color: var(--good); }
.missed .mark { color: var(--bad); }
td.share { background: linear-gradient(to right, color-mix(in srgb, var(--accent) 24%, transparent) var(--share), transparent var(--share)); }
#attainment .note { margin: 0 0 .5rem; }
button.more { margin-top: .5rem; font-size: .85rem; }
.pager { display: flex; gap: .8rem; align-items: center; font-size: .85rem; color: var(--soft); }
details.columns { margin: 0 0 .6rem; font-size: .85rem; }
details.columns .controls { margin: .5rem 0; }
summary { cursor: pointer; }
summary h2 { display: inline; }
footer { color: var(--soft); font-size: .82rem; border-top: 1px solid var(--rule); padding-top: .8rem; }
@media screen { #runs wbr { display: none; } }
@media (max-width: 40rem) { .filter { position: static; } table.objectives th[scope="row"] { white-space: normal; min-width: 9rem; } }
@media print {
  @page { margin: 14mm; }
  @page wide { size: landscape; }
  body { max-width: none; padding: 0; font-size: 12px; }
  header button, .controls, .pager button, button.more, details.columns, #config-filter, label[for="config-filter"], .filter .note { display: none; }
  .filter { position: static; border: 0; }
  .filter:has(#filter:placeholder-shown) { display: none; }
  .filter input { border: 0; padding: 0; }
  h2, summary { break-after: avoid; }
  .note { break-before: avoid; }
  .chart, .overview, tr, #failures li { break-inside: avoid; }
  .chart { background: none; padding: 0; overflow: visible; }
  .scroll { overflow: visible; border: 0; }
  table { font-size: 10px; }
  .chart > svg, .chart > figure > svg { width: 100%; height: auto; }
  th, table.objectives th[scope="row"], #config td { white-space: normal; }
  details:not([open]) { display: none; }
  section:has(> #runs), section:has(> #runs) ~ section, footer { page: wide; }
  #runs table { width: auto; font-size: 9px; }
  #runs :is(th, td) { padding: .15rem .25rem; }
  #runs td { white-space: nowrap; }
  #runs th button { white-space: normal; text-align: inherit; }
}
`;
