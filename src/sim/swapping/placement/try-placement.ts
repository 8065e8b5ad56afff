/** What a placement of models would lead to, found by simulating the run with it. */
import type { RunRecord } from "../../recorder.ts";
import type { ProcessorGroup } from "../processor-group.ts";
import type { ServedModel } from "../served-model.ts";
import type { StaticParameters } from "./model-placement.schema.ts";
import type { PlacementTrial } from "./model-placement.ts";

/** `places`: of each model, the groups that hold it from the start to the end. */
export function tryPlacement(
  simulateWith: (placement: StaticParameters) => RunRecord,
  models: readonly ServedModel[],
  places: readonly (readonly ProcessorGroup[])[],
  ttftTargetSeconds: number,
): PlacementTrial {
  const numbers = models.map(({ name, index }) => [name, places[index].map((group) => group.index)] as const);
  const { outcomes, trace, swapping } = simulateWith({
    _target_: "model_placements.Static",
    groups: Object.fromEntries(numbers),
  });
  const isLate = (row: number) => !(outcomes.prefillEndSeconds[row] - trace.arrivalSeconds[row] <= ttftTargetSeconds);
  return {
    lateRequests: models.map(({ requests }) => requests.reduce((count, row) => count + (isLate(row) ? 1 : 0), 0)),
    busySeconds: (swapping?.groups ?? []).map(({ busySeconds }) => busySeconds),
  };
}
