/** The table that a finished sweep prints for people: a row per run, then the means over seeds. */
import { estimateMean } from "./confidence.ts";
import type { SweepRow } from "./sweep-row.ts";
import { overrideValues } from "./swept-keys.ts";
import { formatTextTable, type TextColumn } from "./text-table.ts";

/** Longest table; beyond it `runs.csv` is the place to look. */
const MAX_ROWS = 40;
const MAX_WIDTH = 160;
/** Swept values are cut before this many characters only if whole keys would not fit otherwise. */
const MIN_VALUE_WIDTH = 8;
/** Runs that differ in this key only are repetitions of each other. */
const REPETITION_KEY = "seed";

interface Figure {
  readonly group: string;
  readonly title: string;
  readonly metric: string;
  readonly scale: number;
  /** Counts print without decimals while they are whole. */
  readonly isCount?: boolean;
}

const QUANTILES = ["mean", "p50", "p90", "p99"];

function latencyFigures(group: string, prefix: string, scale: number): Figure[] {
  return QUANTILES.map((title) => ({ group, title, metric: `${prefix}_${title}`, scale }));
}

const FIGURES: readonly Figure[] = [
  { group: "requests", title: "done", metric: "completed", scale: 1, isCount: true },
  { group: "requests", title: "left", metric: "unfinished", scale: 1, isCount: true },
  { group: "per second", title: "req", metric: "requests_per_second", scale: 1 },
  { group: "per second", title: "tok", metric: "output_tokens_per_second", scale: 1 },
  ...latencyFigures("TTFT, s", "ttft", 1),
  ...latencyFigures("TBT, ms", "tbt", 1000),
  ...latencyFigures("E2E, s", "e2e", 1),
  { group: "busy", title: "%", metric: "utilisation", scale: 100 },
];

/** Shown where a choice of `slo` gives it. */
const WITHIN_SLO: Figure = { group: "SLO", title: "met", metric: "within_slo", scale: 1, isCount: true };

const ATTAINMENT: readonly Figure[] = [
  { group: "SLO", title: "%", metric: "slo_attainment", scale: 100 },
  { group: "SLO", title: "good/s", metric: "goodput", scale: 1 },
];

function figuresOf(rows: readonly SweepRow[]): readonly Figure[] {
  const optional = [...ATTAINMENT, WITHIN_SLO];
  return [...FIGURES, ...optional.filter(({ metric }) => rows.some(({ metrics }) => metric in metrics))];
}

/** What the table's abbreviations stand for, with the names of vLLM's benchmark. */
export const TABLE_LEGEND =
  "TTFT: arrival to the first output token. TBT: mean time between a request's output tokens (vLLM's TPOT). " +
  "E2E: arrival to completion.";

export interface SweepTableOptions {
  readonly sweptKeys: readonly string[];
  /** Where the table of all runs is, as the user would type it. */
  readonly runsCsvPath: string;
}

/** Lines of at most 160 columns and about 40 rows a section; `rows` in order of run numbers. */
export function formatSweepTable(rows: readonly SweepRow[], { sweptKeys, runsCsvPath }: SweepTableOptions): string {
  const groups = groupRepetitions(rows, sweptKeys);
  const repeated = groups.some((group) => group.rows.length > 1);
  const lines: string[] = [];
  if (rows.length <= MAX_ROWS || !repeated) {
    lines.push(...runsSection(rows.slice(0, MAX_ROWS), sweptKeys));
    if (rows.length > MAX_ROWS) lines.push(`... and ${rows.length - MAX_ROWS} more runs`);
  }
  if (repeated) {
    if (lines.length > 0) lines.push("");
    lines.push("Means over seeds; below each, ± half the width of its 95 % confidence interval (Student's t)");
    lines.push(...meansSection(groups.slice(0, MAX_ROWS), sweptKeys));
    if (groups.length > MAX_ROWS) lines.push(`... and ${groups.length - MAX_ROWS} more configurations`);
  }
  if (rows.length > MAX_ROWS) lines.push(`All ${rows.length} runs: ${runsCsvPath}`);
  return `${lines.join("\n")}\n`;
}

interface RepetitionGroup {
  readonly values: ReadonlyMap<string, string>;
  readonly rows: readonly SweepRow[];
}

/** Runs that differ only in their seed, in order of first appearance. */
function groupRepetitions(rows: readonly SweepRow[], sweptKeys: readonly string[]): RepetitionGroup[] {
  const groups = new Map<string, { values: Map<string, string>; rows: SweepRow[] }>();
  for (const row of rows) {
    const values = overrideValues(row.entry.overrides);
    const identity = JSON.stringify(
      sweptKeys.map((key) => (key === REPETITION_KEY ? null : (values.get(key) ?? null))),
    );
    const group = groups.get(identity) ?? { values, rows: [] };
    group.rows.push(row);
    groups.set(identity, group);
  }
  return [...groups.values()];
}

function runsSection(rows: readonly SweepRow[], sweptKeys: readonly string[]): string[] {
  const shown = figuresOf(rows);
  const cells = rows.map(({ entry, status, metrics }) => {
    const values = overrideValues(entry.overrides);
    const figures = shown.map((figure) => figureCell(metrics[figure.metric] ?? undefined, figure));
    if (status !== "done") figures[0] = status;
    return { first: String(entry.number), values: sweptKeys.map((key) => values.get(key) ?? ""), figures };
  });
  return section("run", shown, sweptKeys, cells);
}

function meansSection(groups: readonly RepetitionGroup[], sweptKeys: readonly string[]): string[] {
  const keys = sweptKeys.filter((key) => key !== REPETITION_KEY);
  const shown = figuresOf(groups.flatMap((group) => group.rows));
  const cells = groups.flatMap((group) => {
    const done = group.rows.filter(({ status }) => status === "done");
    const estimates = shown.map(({ metric }) =>
      estimateMean(done.map(({ metrics }) => metrics[metric]).filter((value) => typeof value === "number")),
    );
    const values = keys.map((key) => group.values.get(key) ?? "");
    const means = shown.map((figure, i) => figureCell(estimates[i]?.mean, figure));
    const meanRow = { first: String(done.length), values, figures: means };
    if (done.length < 2) return [meanRow];
    const halfWidths = shown.map(({ scale }, i) => halfWidthCell(estimates[i]?.halfWidth, scale, means[i]));
    return [meanRow, { first: "", values: keys.map(() => ""), figures: halfWidths }];
  });
  return section("runs", shown, keys, cells);
}

interface SectionRow {
  readonly first: string;
  readonly values: readonly string[];
  readonly figures: readonly string[];
}

function section(
  firstTitle: string,
  shown: readonly Figure[],
  keys: readonly string[],
  rows: readonly SectionRow[],
): string[] {
  const figureColumns = shown.map(({ group, title }): TextColumn => ({ group, title, align: "right" }));
  const firstColumn: TextColumn = { group: "", title: firstTitle, align: "right" };
  const bareWidth = widthOf(
    formatTextTable(
      [firstColumn, ...figureColumns],
      rows.map(({ first, figures }) => [first, ...figures]),
    ),
  );
  const titles = shortTitles(keys);
  const contents = titles.map((title, i) => [title, ...rows.map(({ values }) => values[i])]);
  const widths = fitWidths(contents, MAX_WIDTH - bareWidth - 1);
  const valueColumns = widths.map(
    (width, i): TextColumn => ({ group: "", title: cut(titles[i], width), align: "left" }),
  );
  const lines = formatTextTable(
    [firstColumn, ...valueColumns, ...figureColumns],
    rows.map(({ first, values, figures }) => [first, ...widths.map((width, i) => cut(values[i], width)), ...figures]),
  );
  const hidden = keys.slice(widths.length);
  return hidden.length === 0 ? lines : [...lines, `not shown for lack of room: ${hidden.join(", ")}`];
}

/** Widths of as many columns as fit into `available` characters with a blank before each; the widest are cut first. */
function fitWidths(contents: readonly (readonly string[])[], available: number): number[] {
  const widths = contents.map((cells) => cells.reduce((width, cell) => Math.max(width, cell.length), 0));
  while (widths.reduce((sum, width) => sum + width + 1, 0) > available) {
    const widest = Math.max(...widths);
    if (widest > MIN_VALUE_WIDTH) widths[widths.indexOf(widest)]--;
    else widths.pop();
  }
  return widths;
}

/** The shortest dotted endings of the keys that tell them apart. */
function shortTitles(keys: readonly string[]): string[] {
  const ending = (key: string, parts: number) => key.split(".").slice(-parts).join(".");
  return keys.map((key) => {
    let parts = 1;
    while (
      ending(key, parts) !== key &&
      keys.some((other) => other !== key && ending(other, parts) === ending(key, parts))
    ) {
      parts++;
    }
    return ending(key, parts);
  });
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function widthOf(lines: readonly string[]): number {
  return lines.reduce((width, line) => Math.max(width, line.length), 0);
}

function figureCell(value: number | undefined, { scale, isCount }: Figure): string {
  if (value === undefined) return "-";
  return isCount && Number.isInteger(value) ? String(value) : formatFigure(value * scale);
}

/** With as many decimals as the mean above it, so that the two line up. */
function halfWidthCell(value: number | undefined, scale: number, meanCell: string): string {
  if (value === undefined) return "";
  const decimals = /\.(\d+)$/.exec(meanCell)?.[1].length ?? 0;
  return `±${(value * scale).toFixed(decimals)}`;
}

/** Three significant digits; 1000 and more in whole numbers. */
export function formatFigure(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1000) return String(Math.round(value));
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 1) return value.toFixed(2);
  return value.toPrecision(3);
}
