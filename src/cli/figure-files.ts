/** The files of a drawn figure. */
import { SweepError } from "../errors.ts";
import type { DrawnFigure } from "../report/figures/figure.ts";
import { svgToPng } from "../report/png.ts";
import { fileError, writeFileAtomically } from "../results/durable-files.ts";
import { displayPath } from "./display-path.ts";

export const FORMATS = ["svg", "png", "csv"] as const;
type Format = (typeof FORMATS)[number];

/** Errors: SweepError for a word that is no format. */
export function formatsOf(text: string | undefined): readonly Format[] {
  if (text === undefined) return FORMATS;
  return text.split(",").map((name) => {
    const format = FORMATS.find((known) => known === name.trim());
    if (format !== undefined) return format;
    throw new SweepError("USAGE", `--format: found '${name}', expected some of ${FORMATS.join(", ")}.`);
  });
}

/** Writes `BASE.svg`, `BASE.png` and `BASE.csv`, and prints their names. */
export async function writeFigure(figure: DrawnFigure, base: string, formats: readonly Format[]): Promise<void> {
  for (const format of formats) {
    const content = format === "csv" ? figure.data : format === "svg" ? figure.svg : await svgToPng(figure.svg);
    write(`${base}.${format}`, content);
  }
}

function write(file: string, content: string | Uint8Array): void {
  try {
    writeFileAtomically(file, content);
  } catch (error) {
    throw fileError(`cannot write '${displayPath(file)}'`, error);
  }
  process.stdout.write(`${displayPath(file)}\n`);
}
