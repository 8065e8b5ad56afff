/** Estimates of a sweep as a table, a line per job. */
import type { LatencyEstimate } from "../../estimate-latency.ts";
import { overrideValues, sweptKeysOf } from "../../sweep/swept-keys.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { terminalWidth } from "../terminal.ts";
import { remarkLines, seconds, unknownLines } from "./estimate-text.ts";

interface Job {
  readonly overrides: readonly string[];
  readonly estimate: LatencyEstimate;
}

/** A column per swept key, and three for every performance model that can tell of some job. */
export function jobsTable(jobs: readonly Job[]): string[] {
  const valuesByJob = jobs.map(({ overrides }) => overrideValues(overrides));
  const swept = sweptKeysOf(jobs.map(({ overrides }) => overrides));
  const keys = swept.length > 0 ? swept : [...new Set(valuesByJob.flatMap((values) => [...values.keys()]))];
  const named = jobs.flatMap(({ estimate }) => estimate.estimates);
  const models = [...new Set(named.filter(({ latency }) => latency !== undefined).map(({ name }) => name))];
  const right = (group: string, title: string): TextColumn => ({ group, title, align: "decimal" });
  const columns = [
    ...keys.map((title) => right("", title)),
    ...models.flatMap((name) => ["prefill", "per token", "total"].map((title) => right(`${name} (s)`, title))),
  ];
  const rows = jobs.map(({ estimate }, job) => [
    ...keys.map((key) => valuesByJob[job].get(key) ?? ""),
    ...models.flatMap((name) => {
      const latency = estimate.estimates.find((candidate) => candidate.name === name)?.latency;
      return [latency?.prefillSeconds, latency?.secondsPerToken, latency?.totalSeconds].map(seconds);
    }),
  ]);
  const sections = [remarkLines(named), unknownLines(named)].filter((lines) => lines.length > 0);
  return [...formatTextTable(columns, rows, terminalWidth()), ...sections.flatMap((lines) => ["", ...lines])];
}
