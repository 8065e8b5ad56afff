/** The table that a finished sweep prints for people: a row per run, then the means over seeds. */
import { estimateMean } from "./confidence.ts";
import { foldWords } from "./fit-columns.ts";
import type { SweepRow } from "./sweep-row.ts";
import { overrideValues, REPETITION_KEY, shortTitles } from "./swept-keys.ts";
import { formatTextTable, type TextColumn } from "./text-table.ts";

/** Longest table; beyond it `runs.csv` is the place to look. */
const MAX_ROWS = 40;

interface Figure {
  readonly group: string;
  readonly title: string;
  readonly metric: string;
  readonly scale: number;
  /** Counts print without decimals while they are whole. */
  readonly isCount?: boolean;
  /** Of the column: the highest are left out first where the terminal is narrow. */
  readonly rank: number;
}

const STATISTIC_RANKS = { mean: 4, p50: 8, p90: 9, p99: 1 } as const;

function latencyFigures(group: string, prefix: string, scale: number): Figure[] {
  return Object.entries(STATISTIC_RANKS).map(([title, rank]) => ({
    group,
    title,
    metric: `${prefix}_${title}`,
    scale,
    rank,
  }));
}

const FIGURES: readonly Figure[] = [
  { group: "requests", title: "done", metric: "completed", scale: 1, isCount: true, rank: 0 },
  { group: "requests", title: "left", metric: "unfinished", scale: 1, isCount: true, rank: 2 },
  { group: "per second", title: "req", metric: "requests_per_second", scale: 1, rank: 3 },
  { group: "per second", title: "tok", metric: "output_tokens_per_second", scale: 1, rank: 2 },
  ...latencyFigures("TTFT, s", "ttft", 1),
  ...latencyFigures("TBT, ms", "tbt", 1000),
  ...latencyFigures("E2E, s", "e2e", 1),
  { group: "busy", title: "%", metric: "utilisation", scale: 100, rank: 6 },
];

/** Shown where a choice of `slo` gives it. */
const WITHIN_SLO: Figure = { group: "SLO", title: "met", metric: "within_slo", scale: 1, isCount: true, rank: 1 };

const ATTAINMENT: readonly Figure[] = [
  { group: "SLO", title: "%", metric: "slo_attainment", scale: 100, rank: 1 },
  { group: "SLO", title: "good/s", metric: "goodput", scale: 1, rank: 1 },
];

function figuresOf(rows: readonly SweepRow[]): readonly Figure[] {
  const optional = [...ATTAINMENT, WITHIN_SLO];
  return [...FIGURES, ...optional.filter(({ metric }) => rows.some(({ metrics }) => metric in metrics))];
}

/** What the table's abbreviations stand for, with the names of vLLM's benchmark. */
const LEGEND =
  "TTFT: arrival to the first output token. TBT: mean time between a request's output tokens (vLLM's TPOT). " +
  "E2E: arrival to completion.";

export function tableLegend(width: number | undefined): string {
  return foldWords(LEGEND, width ?? LEGEND.length).join("\n");
}

export interface SweepTableOptions {
  readonly sweptKeys: readonly string[];
  /** Where the table of all runs is, as the user would type it. */
  readonly runsCsvPath: string;
  /** Characters of a line; without limit by default. */
  readonly width?: number | undefined;
}

/** About 40 rows a section; `rows` in order of run numbers. Runs that have not started are counted, not listed. */
export function formatSweepTable(
  all: readonly SweepRow[],
  { sweptKeys, runsCsvPath, width }: SweepTableOptions,
): string {
  const rows = all.filter(({ status }) => status !== "pending");
  const groups = groupRepetitions(rows, sweptKeys);
  const repeated = groups.some((group) => group.rows.length > 1);
  const lines: string[] = [];
  if (rows.length <= MAX_ROWS || !repeated) {
    lines.push(...runsSection(rows.slice(0, MAX_ROWS), sweptKeys, width));
    if (rows.length > MAX_ROWS) lines.push(`... and ${rows.length - MAX_ROWS} more runs`);
  }
  if (repeated) {
    if (lines.length > 0) lines.push("");
    const caption = "Means over seeds; below each, ± half the width of its 95 % confidence interval (Student's t)";
    lines.push(...foldWords(caption, width ?? caption.length));
    lines.push(...meansSection(groups.slice(0, MAX_ROWS), sweptKeys, width));
    if (groups.length > MAX_ROWS) lines.push(`... and ${groups.length - MAX_ROWS} more configurations`);
  }
  if (rows.length < all.length) lines.push(`${all.length - rows.length} of ${all.length} runs have not started`);
  if (all.length > MAX_ROWS) lines.push(`All ${all.length} runs: ${runsCsvPath}`);
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

function runsSection(rows: readonly SweepRow[], sweptKeys: readonly string[], width: number | undefined): string[] {
  const shown = figuresOf(rows);
  const cells = rows.map(({ entry, status, metrics }) => {
    const values = overrideValues(entry.overrides);
    const figures = shown.map((figure) => figureCell(metrics[figure.metric] ?? undefined, figure));
    if (status !== "done") figures[0] = status;
    return { first: String(entry.number), values: sweptKeys.map((key) => values.get(key) ?? ""), figures };
  });
  return section("run", shown, sweptKeys, cells, width);
}

function meansSection(
  groups: readonly RepetitionGroup[],
  sweptKeys: readonly string[],
  width: number | undefined,
): string[] {
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
  return section("runs", shown, keys, cells, width);
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
  width: number | undefined,
): string[] {
  const titles = shortTitles(keys);
  const columns: TextColumn[] = [
    { group: "", title: firstTitle, align: "right" },
    ...keys.map((key, i): TextColumn => ({ group: "", title: titles[i], name: key, align: "left", canCut: true })),
    ...shown.map(({ group, title, rank }): TextColumn => ({ group, title, align: "decimal", rank })),
  ];
  return formatTextTable(
    columns,
    rows.map(({ first, values, figures }) => [first, ...values, ...figures]),
    width,
  );
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
