/** One pass, operator by operator: what `sweep latency` prints, and what all times of the model add up to. */
import { invariant } from "../../../errors.ts";
import type { BatchShape } from "../performance-model.ts";
import {
  type Counts,
  flopsOf,
  inputBytesOf,
  memoryBytesOf,
  newCounts,
  type Operator,
  outputBytesOf,
  type PassCounts,
} from "./operator.ts";
import type { PassPlan } from "./plan.ts";
import { type Bound, boundOf } from "./rule.ts";

/** One run of an operator on one processor. */
export interface OperatorWork {
  readonly name: string;
  /** Runs per pass; the figures are of one. */
  readonly repeats: number;
  readonly flops: number;
  readonly weightBytes: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly kvReadBytes: number;
  readonly kvWriteBytes: number;
  readonly memoryBytes: number;
  readonly seconds: number;
  readonly bound: Bound;
}

export interface PassAnalysis {
  readonly operators: readonly OperatorWork[];
  /** Of all runs of all operators; without the overhead of an iteration. */
  readonly seconds: number;
  /** What takes most of these. */
  readonly bound: Bound;
  /** Bytes that one processor keeps: weights, keys and values of each token, and activations while the pass runs. */
  readonly weightBytes: number;
  readonly kvBytesPerToken: number;
  readonly activationBytes: number;
}

/** Seconds of the pass on these counts, of the operators that `isCounted` lets through, added in their order. */
export function passSeconds(plan: PassPlan, counts: PassCounts, isCounted: (op: Operator) => boolean): number {
  let seconds = 0;
  for (const op of plan.operators) {
    const own = counts[op.domain];
    if (own.items > 0 && isCounted(op)) seconds += plan.rule(op, own, plan.bytesPerSecond) * op.repeats;
  }
  return seconds;
}

/** A batch of a plan that does not mix stages must be of one, as it is two passes otherwise. Errors: INTERNAL if it is not. */
export function analysePass(plan: PassPlan, batch: BatchShape): PassAnalysis {
  invariant(plan.mixesStages || batch.prefills === 0 || batch.decodes === 0, "prefills and decodes are two passes");
  const counts = newCounts();
  plan.count(batch, counts);
  const operators = plan.operators
    .filter(({ domain }) => counts[domain].items > 0)
    .map((op) => workOf(plan, op, counts[op.domain]));
  const inLayers = plan.operators.filter(({ domain }) => domain !== "logits");
  return {
    operators,
    seconds: passSeconds(plan, counts, () => true),
    bound: mainBound(operators),
    weightBytes: plan.weightBytes,
    kvBytesPerToken: plan.operators.reduce((sum, op) => sum + op.kvWriteBytesPerItem * op.repeats, 0),
    activationBytes:
      plan.heldActivations === "layer_outputs"
        ? inLayers.reduce((sum, op) => sum + activeOutputBytes(op, counts[op.domain]), 0)
        : Math.max(...operators.map(({ inputBytes, outputBytes }) => inputBytes + outputBytes)),
  };
}

function activeOutputBytes(op: Operator, counts: Counts): number {
  return counts.items > 0 ? outputBytesOf(op, counts) : 0;
}

function workOf(plan: PassPlan, op: Operator, counts: Counts): OperatorWork {
  return {
    name: op.name,
    repeats: op.repeats,
    flops: flopsOf(op, counts),
    weightBytes: op.weightBytes,
    inputBytes: inputBytesOf(op, counts),
    outputBytes: outputBytesOf(op, counts),
    kvReadBytes: op.kvReadBytesPerToken * counts.kvTokens,
    kvWriteBytes: op.kvWriteBytesPerItem * counts.items,
    memoryBytes: memoryBytesOf(op, counts),
    seconds: plan.rule(op, counts, plan.bytesPerSecond),
    bound: boundOf(op, counts, plan.bytesPerSecond),
  };
}

function mainBound(operators: readonly OperatorWork[]): Bound {
  const seconds: Record<Bound, number> = { compute: 0, memory: 0, network: 0 };
  for (const op of operators) seconds[op.bound] += op.seconds * op.repeats;
  return (Object.keys(seconds) as Bound[]).reduce((most, bound) => (seconds[bound] > seconds[most] ? bound : most));
}
