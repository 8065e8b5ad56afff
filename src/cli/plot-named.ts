/** `sweep plot DIR... --figure NAME`: figures of studies, known by name. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type StudyRun, studyRun } from "../analysis/study-run.ts";
import type { NamedFigure } from "../report/figures/named-figure.ts";
import { drawNamedFigure, NAMED_FIGURES, namedFigure } from "../report/figures/named-figures.ts";
import { instanceLogs } from "../report/read-run-files.ts";
import { inspectSweep, sweepRows } from "../sweep/inspect-sweep.ts";
import { PLAN_NAME, type PlanEntry } from "../sweep/plan.ts";
import { formatsOf, writeFigure } from "./figure-files.ts";
import { alignedColumns } from "./option-table.ts";

export function listFigures(): void {
  process.stdout.write(alignedColumns(NAMED_FIGURES.map(({ name, description }) => [name, description])));
}

/** A folder that is no sweep stands for the sweeps in it. */
export async function plotNamed(
  name: string,
  folders: readonly string[],
  { format, output }: { readonly format: string | undefined; readonly output: string | undefined },
): Promise<void> {
  const formats = formatsOf(format);
  const figure = namedFigure(name);
  const runs: StudyRun[] = [];
  for (const folder of new Set(folders.flatMap(sweepsIn))) {
    const state = await inspectSweep(folder);
    if (!isOf(figure, state.plan.entries)) continue;
    const logs = instanceLogs(folder, state);
    runs.push(
      ...sweepRows(state)
        .map((row) => studyRun(row, logs.get(row.entry.number)))
        .filter((run) => run !== undefined),
    );
  }
  const drawing = await drawNamedFigure(figure, runs);
  for (const absent of drawing.absent) process.stderr.write(`sweep: not in the figure: ${absent}\n`);
  await writeFigure(drawing, output ?? join(folders[0], name.replaceAll("/", "-")), formats);
}

function sweepsIn(folder: string): string[] {
  if (existsSync(join(folder, PLAN_NAME)) || !existsSync(folder)) return [folder];
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, PLAN_NAME)))
    .map(({ name }) => join(folder, name))
    .sort();
  return inside.length === 0 ? [folder] : inside;
}

/** A sweep of another experiment may hold runs that only look right; of a sweep without one the runs tell. */
function isOf({ experiments }: NamedFigure, entries: readonly PlanEntry[]): boolean {
  const experiment = entries[0]?.overrides
    .map((text) => /^\+?experiment=(.*)$/.exec(text)?.[1])
    .find((value) => value !== undefined);
  return experiment === undefined || experiments.includes(experiment.replace("/quick/", "/"));
}
