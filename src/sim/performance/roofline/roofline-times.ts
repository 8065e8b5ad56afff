/** Iteration times by the roofline: a constant part, and operators that grow with the context. */
import type { BatchShape, IterationTimes } from "../performance-model.ts";
import { type ConstantPart, SeparatePasses, SharedPass } from "./constant-part.ts";
import { type GrowingOperator, growingOperator, growingSeconds } from "./decode-stretch.ts";
import type { PassPlan } from "./plan.ts";

export class RooflineIterationTimes implements IterationTimes {
  readonly #overheadSeconds: number;
  readonly #constant: ConstantPart;
  readonly #growing: readonly GrowingOperator[];

  constructor(plan: PassPlan, overheadSeconds: number) {
    this.#overheadSeconds = overheadSeconds;
    this.#constant = plan.mixesStages ? new SharedPass(plan) : new SeparatePasses(plan);
    this.#growing = plan.operators
      .filter(({ domain }) => domain === "decode" && plan.readsContext)
      .map((op) => growingOperator(op, plan.bytesPerSecond));
  }

  /** O(operators of attention). Prefills of the batch are as long in every iteration. */
  stretchSeconds(batch: BatchShape, iterations: number): number {
    return this.#seconds(batch, this.#constant.seconds(batch), iterations);
  }

  /** The most iterations whose `stretchSeconds` are within `elapsedSeconds`, by bisection over their closed form. */
  iterationsWithin(batch: BatchShape, elapsedSeconds: number): number {
    const constantSeconds = this.#constant.seconds(batch);
    // Iterations do not become shorter, so no more fit than if all were like the first.
    let tooMany = Math.floor(elapsedSeconds / this.#seconds(batch, constantSeconds, 1)) + 2;
    let fitting = 0;
    while (fitting + 1 < tooMany) {
      const middle = Math.floor((fitting + tooMany) / 2);
      if (this.#seconds(batch, constantSeconds, middle) <= elapsedSeconds) fitting = middle;
      else tooMany = middle;
    }
    return fitting;
  }

  #seconds({ decodes, contextTokens }: BatchShape, constantSeconds: number, iterations: number): number {
    let seconds = (this.#overheadSeconds + constantSeconds) * iterations;
    if (decodes > 0) {
      for (const op of this.#growing) seconds += growingSeconds(op, decodes, contextTokens, iterations);
    }
    return seconds;
  }
}
