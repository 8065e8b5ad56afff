/** A figure that is known by name: which studies it is made of, and how it is drawn. */
import type { StudyRun } from "../../analysis/study-run.ts";
import type { DrawnFigure } from "./figure.ts";

export interface NamedFigure {
  /** `splitwise/isopower-conv` */
  readonly name: string;
  readonly description: string;
  /** Experiments whose runs it shows, as `+experiment=` names them. */
  readonly experiments: readonly string[];
  /** Undefined if none of the runs belongs in it. */
  draw(runs: readonly StudyRun[]): NamedDrawing | undefined | Promise<NamedDrawing | undefined>;
}

export interface NamedDrawing extends DrawnFigure {
  /** What the runs did not have, in words. */
  readonly absent: readonly string[];
}
