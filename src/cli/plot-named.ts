/** `sweep plot DIR... --figure NAME`: figures of studies, known by name. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { studyRun } from "../analysis/study-run.ts";
import { drawNamedFigure, NAMED_FIGURES } from "../report/figures/named-figures.ts";
import { inspectSweep, sweepRows } from "../sweep/inspect-sweep.ts";
import { PLAN_NAME } from "../sweep/plan.ts";
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
  const sweeps = [...new Set(folders.flatMap(sweepsIn))];
  const rows = [];
  for (const folder of sweeps) rows.push(...sweepRows(await inspectSweep(folder)));
  const drawing = drawNamedFigure(
    name,
    rows.map(studyRun).filter((run) => run !== undefined),
  );
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
