/** Estimates of a sweep as a table, a line per job. */
import type { LatencyEstimate } from "../../estimate-latency.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { remarkLines, seconds, unknownLines } from "./estimate-text.ts";

interface Job {
  readonly overrides: readonly string[];
  readonly estimate: LatencyEstimate;
}

/** A column per swept key, and three for every performance model that can tell of some job. */
export function jobsTable(jobs: readonly Job[]): string[] {
  const set = [...new Set(jobs.flatMap(({ overrides }) => overrides.map(keyOf)))];
  const swept = set.filter((key) => new Set(jobs.map(({ overrides }) => textOf(overrides, key))).size > 1);
  const keys = swept.length > 0 ? swept : set;
  const named = jobs.flatMap(({ estimate }) => estimate.estimates);
  const models = [...new Set(named.filter(({ latency }) => latency !== undefined).map(({ name }) => name))];
  const right = (group: string, title: string): TextColumn => ({ group, title, align: "right" });
  const columns = [
    ...keys.map((title) => right("", title)),
    ...models.flatMap((name) => ["prefill", "per token", "total"].map((title) => right(`${name} (s)`, title))),
  ];
  const rows = jobs.map(({ overrides, estimate }) => [
    ...keys.map((key) => textOf(overrides, key)),
    ...models.flatMap((name) => {
      const latency = estimate.estimates.find((candidate) => candidate.name === name)?.latency;
      return [latency?.prefillSeconds, latency?.secondsPerToken, latency?.totalSeconds].map(seconds);
    }),
  ]);
  const sections = [remarkLines(named), unknownLines(named)].filter((lines) => lines.length > 0);
  return [...formatTextTable(columns, rows), ...sections.flatMap((lines) => ["", ...lines])];
}

function keyOf(override: string): string {
  return override.split("=", 1)[0].replace(/^[+~]+/, "");
}

function textOf(overrides: readonly string[], key: string): string {
  const override = overrides.find((candidate) => keyOf(candidate) === key);
  return override === undefined ? "" : override.slice(override.indexOf("=") + 1);
}
