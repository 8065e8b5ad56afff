/** `sweep [overrides]`: one run in this process, without a pool. */
import { resolve } from "node:path";
import { type PreparedRun, runSpecOf } from "../inputs/prepare-run.ts";
import type { RunSpec } from "../inputs/run-spec.ts";
import type { Workspace } from "../inputs/workspace.ts";
import { requireWritable } from "../results/write-shard.ts";
import { runOne } from "../run-one.ts";
import { formatRunsCsv } from "../sweep/runs-csv.ts";
import { ORIGINS_NAME } from "../sweep/sweep-directory.ts";
import { formatSweepTable, tableLegend } from "../sweep/sweep-table.ts";
import type { CommandLine } from "./arguments.ts";
import { displayPath } from "./display-path.ts";
import { originsTable } from "./info/origins.ts";
import { prepareChecked } from "./jobs.ts";
import { launcherSettings } from "./launcher-for.ts";
import { EXIT } from "./report-error.ts";
import { terminalWidth } from "./terminal.ts";

export async function singleRun(command: CommandLine, workspace: Workspace): Promise<number> {
  const composition = workspace.composer.compose(command.overrides, { mode: "run" });
  launcherSettings(composition);
  const prepared = prepareChecked(workspace, composition);
  const { runId, notes } = prepared;
  for (const note of [...composition.warnings, ...notes]) process.stderr.write(`sweep: ${note}\n`);
  const outputDir = resolve(String(composition.hydraResolved("run.dir")));
  const overrides = composition.taskOverrides;
  requireWritable(outputDir);
  const result = await runOne({ number: 0, runId, outputDir, overrides, spec: withOrigins(prepared) });
  for (const note of result.notes ?? []) process.stderr.write(`sweep: ${note}\n`);
  if (command.json) {
    process.stdout.write(`${JSON.stringify({ outputDir, ...result })}\n`);
    return EXIT.done;
  }
  const row = {
    entry: { number: 0, runId, subdir: ".", overrides },
    status: "done" as const,
    metrics: result.metrics,
    notes: [],
  };
  if (command.csv) {
    process.stdout.write(formatRunsCsv([row], []));
    return EXIT.done;
  }
  const width = terminalWidth();
  process.stdout.write(formatSweepTable([row], { sweptKeys: [], runsCsvPath: "", width }));
  process.stdout.write(`\n${tableLegend(width)}\n\nResults: ${displayPath(outputDir)}\n`);
  return EXIT.done;
}

/** Among the records of the run, if it keeps any, what set every value: of a sweep's runs the sweep knows. */
function withOrigins(prepared: PreparedRun): RunSpec {
  const spec = runSpecOf(prepared);
  if (spec.records.size === 0) return spec;
  return { ...spec, records: new Map([...spec.records, [ORIGINS_NAME, originsTable(prepared.composition)]]) };
}
