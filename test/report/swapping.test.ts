import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import type { ReportData } from "../../src/report/report-data.ts";
import { swappingSection } from "../../src/report/swapping-section.ts";
import { sweep, workingDirectory } from "../cli/command.ts";
import { type Event, expectValid } from "../results/timeline/events.ts";

const POOL = [
  "swapping=pool",
  "cluster=a100-80gb",
  "trace=many_models",
  "trace.applications.count=8",
  "trace.requests=120",
  "swapping.workspace=40e9",
];

const csv = (file: string): Record<string, string>[] => parse(readFileSync(file, "utf8"), { columns: true });
const sum = (rows: Record<string, string>[], column: string) => rows.reduce((all, row) => all + Number(row[column]), 0);

test("a run that swaps models has a section in the report, samples, attainment and a timeline that agree with its tables", async () => {
  const cwd = workingDirectory();
  const more = ["results.sample_interval=1", "slo=latency", "slo.targets.ttft=3", "hydra.sweep.dir=s"];
  const { status, stderr } = await sweep(cwd, "--quiet", "-m", ...POOL, ...more);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const run = join(cwd, "s/0/swapping");
  const models = csv(join(run, "models.csv"));
  const { metrics } = JSON.parse(readFileSync(join(cwd, "s/0/shard.json"), "utf8"));
  const within = models.reduce((all, row) => all + Number(row.slo_attainment) * Number(row.requests), 0);
  expect(within).toBeCloseTo(metrics.slo_attainment * 120, 6);

  const links = csv(join(run, "links.csv"));
  const linkSamples = csv(join(run, "link_samples.csv"));
  for (const { link, moved_gigabytes: moved } of links) {
    const own = linkSamples.filter((row) => row.link === link);
    expect(sum(own, "moved_bytes") / 1e9).toBeCloseTo(Number(moved), 6);
  }
  const groupSamples = csv(join(run, "group_samples.csv"));
  expect(groupSamples.length).toBe(2 * (Math.floor(metrics.simulated_seconds) + 1));
  expect(sum(groupSamples, "ready_models")).toBeGreaterThan(0);
  for (const { memory_share: share } of groupSamples) expect(Number(share)).toBeLessThanOrEqual(1);

  expect((await sweep(cwd, "report", "s")).status).toBe(0);
  const { document } = parseHTML(readFileSync(join(cwd, "s/report.html"), "utf8"));
  const captions = [...document.querySelectorAll("#swapping caption")].map(({ textContent }) => textContent);
  expect(captions[0]).toBe("Models");
  expect(captions[1]).toBe("Processors");
  const shown = [...document.querySelectorAll("#swapping table")].map(
    (each) => each.querySelectorAll("tbody tr").length,
  );
  expect(shown).toEqual([models.length, 2, links.filter(({ moved_gigabytes: moved }) => Number(moved) > 0).length]);

  expect((await sweep(cwd, "timeline", "s", "--output", "t.json", "--gantt", "g.svg")).status).toBe(0);
  const events: Event[] = JSON.parse(readFileSync(join(cwd, "t.json"), "utf8")).traceEvents;
  expectValid(events);
  const loads = events.filter(({ ph, cat }) => ph === "X" && cat === "loads");
  expect(loads.length).toBe(sum(models, "loads"));
  expect(loads.reduce((all, { args }) => all + Number(args?.gigabytes), 0)).toBeCloseTo(
    sum(models, "loaded_gigabytes"),
    6,
  );
  expect(readFileSync(join(cwd, "g.svg"), "utf8")).toContain("llama2-7b-0");
});

test("names in the section are shown as text, and rows that are left out are counted", () => {
  const hostile = "<img src=x>";
  const row = { model: hostile, server: hostile, link: hostile, moved_gigabytes: "1" };
  const table = { rows: [row], total: 7 };
  const run = { number: 0, overrides: hostile, models: table, groups: table, links: table };
  const page = swappingSection({ swapping: { runs: [run], leftOut: 3 } } as unknown as ReportData);
  expect(page).not.toContain("<img");
  expect(page).toContain("Models (1 of 7)");
  expect(page).toContain("3 more runs");
});
