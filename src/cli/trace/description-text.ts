/** A trace's figures and plots for people. */
import type { Trace } from "../../sim/workload/trace.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import type { ApplicationFigures } from "./application-figures.ts";
import type { PrefixFigures } from "./prefix-figures.ts";
import { bar, columnPlot, figure } from "./text-plot.ts";
import { countsPerBin, type LengthFigures, type TraceFigures } from "./trace-figures.ts";

const SHOWN_APPLICATIONS = 10;
const PLOT_COLUMNS = 60;
const BAR_COLUMNS = 24;

/** Seconds of a column of the plot of arrivals: the first that makes no more than `PLOT_COLUMNS` columns. */
const NICE_SECONDS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200,
];

export function descriptionText(source: string, trace: Trace, figures: TraceFigures): string {
  const { requests, first_seconds, span_seconds, requests_per_second, gap_cv } = figures;
  const facts: (readonly [string, string])[] = [
    ["requests", figure(requests)],
    ["span", `${figure(span_seconds)} s, from ${figure(first_seconds)} s`],
    ["rate", `${figure(requests_per_second)} requests/s${minuteRange(figures)}`],
    ["gaps", `coefficient of variation ${figure(gap_cv)} (Poisson: 1)`],
    ["tokens", `${figure(figures.prompt_tokens.total)} prompt, ${figure(figures.output_tokens.total)} output`],
  ];
  return [
    source,
    "",
    ...facts.map(([name, value]) => `${name.padEnd(10)}${value}`),
    "",
    ...lengthTable(figures),
    ...(figures.applications === undefined ? [] : ["", ...applicationLines(figures.applications)]),
    ...(figures.prefixes === undefined ? [] : ["", ...prefixLines(figures.prefixes)]),
    "",
    ...arrivalPlot(trace, span_seconds),
    "",
    ...lengthPlot(trace),
    "",
  ].join("\n");
}

function minuteRange({ minute_rate_min, minute_rate_max }: TraceFigures): string {
  if (minute_rate_min === null) return "";
  return `; by the minute ${figure(minute_rate_min)} to ${figure(minute_rate_max)}`;
}

const STATISTICS = ["mean", "min", "p5", "p50", "p90", "p99", "max"] as const;

function lengthTable({ prompt_tokens, output_tokens }: TraceFigures): string[] {
  const columns: TextColumn[] = [
    { group: "", title: "tokens", align: "left" },
    ...STATISTICS.map((title) => ({ group: "", title, align: "right" }) as const),
  ];
  const row = (name: string, lengths: LengthFigures) => [name, ...STATISTICS.map((key) => figure(lengths[key]))];
  return formatTextTable(columns, [row("prompt", prompt_tokens), row("output", output_tokens)]);
}

function applicationLines(applications: readonly ApplicationFigures[]): string[] {
  const titles = ["application", "requests", "share", "mean prompt", "mean output"];
  const shown = applications.slice(0, SHOWN_APPLICATIONS);
  const rows = shown.map(({ application_id: id, requests, share, mean_prompt_tokens, mean_output_tokens }) => [
    String(id),
    figure(requests),
    `${(100 * share).toFixed(1)}%`,
    figure(mean_prompt_tokens),
    figure(mean_output_tokens),
  ]);
  const others = applications.slice(SHOWN_APPLICATIONS);
  const ofOthers = others.reduce((sum, { requests }) => sum + requests, 0);
  return [
    ...formatTextTable(
      titles.map((title): TextColumn => ({ group: "", title, align: "right" })),
      rows,
    ),
    ...(others.length === 0 ? [] : [`and ${figure(ofOthers)} requests of ${figure(others.length)} more applications`]),
  ];
}

function prefixLines(prefixes: PrefixFigures): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const { block_tokens, blocks, distinct_blocks, hit_share_of_blocks, hit_share_of_tokens, lru } = prefixes;
  const columns = ["blocks in cache", "hits"].map((title): TextColumn => ({ group: "", title, align: "right" }));
  const rows = lru.map(({ cache_blocks, hit_share_of_blocks: share }) => [figure(cache_blocks), percent(share)]);
  return [
    `prefixes  ${figure(blocks)} blocks of ${block_tokens} tokens, ${figure(distinct_blocks)} of them distinct; in a cache ` +
      `of all: ${percent(hit_share_of_blocks)} of the blocks, ${percent(hit_share_of_tokens)} of the prompt tokens`,
    "",
    ...formatTextTable(columns, [...rows, ["unlimited", percent(hit_share_of_blocks)]]),
  ];
}

function arrivalPlot({ arrivalSeconds }: Trace, spanSeconds: number): string[] {
  const binSeconds =
    NICE_SECONDS.find((seconds) => spanSeconds / seconds < PLOT_COLUMNS) ?? Math.ceil(spanSeconds / PLOT_COLUMNS);
  const counts = countsPerBin(arrivalSeconds.slice().sort(), binSeconds);
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  return [`requests per ${figure(binSeconds)} s, at most ${figure(most)}`, columnPlot(counts).trimEnd()];
}

/** Shares of requests by powers of two of their lengths. */
function lengthPlot({ promptTokens, outputTokens, count }: Trace): string[] {
  const prompts = countsByPower(promptTokens);
  const outputs = countsByPower(outputTokens);
  const isUsed = (power: number) => (prompts[power] ?? 0) + (outputs[power] ?? 0) > 0;
  const powers = Array.from({ length: 31 }, (_, power) => power);
  const shown = powers.slice(powers.findIndex(isUsed), powers.findLastIndex(isUsed) + 1);
  const label = (power: number) => `${2 ** power}-${2 ** (power + 1) - 1}`;
  const width = Math.max(6, ...shown.map((power) => label(power).length));
  const largest = Math.max(...prompts, ...outputs);
  const cell = (counts: readonly number[], power: number) => {
    const share = counts[power] / count;
    const percent = share === 0 ? "" : share < 0.0005 ? "<0.1%" : `${(100 * share).toFixed(1)}%`;
    return `${percent.padStart(6)} ${bar(counts[power] / largest, BAR_COLUMNS)}`;
  };
  return [
    `${"tokens".padStart(width)}  ${"prompts".padEnd(BAR_COLUMNS + 7)}  outputs`,
    ...shown.map((power) =>
      `${label(power).padStart(width)}  ${cell(prompts, power)}  ${cell(outputs, power)}`.trimEnd(),
    ),
  ];
}

function countsByPower(lengths: Int32Array): number[] {
  const counts: number[] = new Array(31).fill(0);
  for (const length of lengths) counts[31 - Math.clz32(length)]++;
  return counts;
}
