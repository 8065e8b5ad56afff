/** All figures that are known by name. */
import type { StudyRun } from "../../analysis/study-run.ts";
import { SweepError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import type { NamedDrawing, NamedFigure } from "./named-figure.ts";
import { splitwiseBars } from "./splitwise/bars.ts";
import { provisioning } from "./splitwise/provisioning.ts";
import { slowdownsByRate } from "./splitwise/slowdowns-by-rate.ts";
import { splits } from "./splitwise/splits.ts";

export const NAMED_FIGURES: readonly NamedFigure[] = [...slowdownsByRate, ...splitwiseBars, ...provisioning, ...splits];

/** Errors: SweepError for an unknown name, and for runs of other studies. */
export function drawNamedFigure(name: string, runs: readonly StudyRun[]): NamedDrawing {
  const figure = NAMED_FIGURES.find((known) => known.name === name);
  if (figure === undefined) {
    const names = NAMED_FIGURES.map((known) => known.name);
    throw new SweepError("USAGE", `There is no figure '${name}'.`, {
      hint: didYouMean(name, names) ?? "`sweep plot --figure list` prints the names.",
    });
  }
  const drawing = figure.draw(runs);
  if (drawing !== undefined) return drawing;
  const { experiments } = figure;
  throw new SweepError(
    "SWEEP",
    `The sweep has no complete run that '${name}' shows: it shows ${experiments.join(", ")}.`,
    {
      hint: `Run ${experiments.length > 1 ? "one or several of them" : "it"}, for example: sweep -m +experiment=${experiments.at(-1)}`,
    },
  );
}
