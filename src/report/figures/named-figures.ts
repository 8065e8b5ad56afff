/** All figures that are known by name. */
import type { StudyRun } from "../../analysis/study-run.ts";
import { SweepError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import type { NamedDrawing, NamedFigure } from "./named-figure.ts";
import { splitwiseBars } from "./splitwise/bars.ts";
import { batchTokens } from "./splitwise/batch-tokens.ts";
import { provisioning } from "./splitwise/provisioning.ts";
import { slowdownsByRate } from "./splitwise/slowdowns-by-rate.ts";
import { splits } from "./splitwise/splits.ts";

export const NAMED_FIGURES: readonly NamedFigure[] = [
  ...slowdownsByRate,
  ...splitwiseBars,
  ...provisioning,
  ...splits,
  ...batchTokens,
];

/** Errors: SweepError. */
export function namedFigure(name: string): NamedFigure {
  const figure = NAMED_FIGURES.find((known) => known.name === name);
  if (figure !== undefined) return figure;
  const names = NAMED_FIGURES.map((known) => known.name);
  throw new SweepError("USAGE", `There is no figure '${name}'.`, {
    hint: didYouMean(name, names) ?? "`sweep plot --figure list` prints the names.",
  });
}

/** Errors: SweepError if none of the runs belongs in it, or they did not keep what it shows. */
export async function drawNamedFigure(figure: NamedFigure, runs: readonly StudyRun[]): Promise<NamedDrawing> {
  const drawing = await figure.draw(runs);
  if (drawing !== undefined) return drawing;
  const { name, experiments } = figure;
  const some = experiments.length > 1 ? "one or several of them" : "it";
  throw new SweepError("SWEEP", `No complete run here belongs in '${name}', which shows ${experiments.join(", ")}.`, {
    hint: `Run ${some}, for example: sweep -m +experiment=${experiments.at(-1)}`,
  });
}
