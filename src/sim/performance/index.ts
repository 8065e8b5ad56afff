/** All performance models. */

import { ConstantPerformanceModel } from "./constant.ts";
import type { KindCurves } from "./database.ts";
import { DatabasePerformanceModel } from "./database.ts";
import type { PerformanceModelParameters } from "./performance.schema.ts";
import type { PerformanceModel } from "./performance-model.ts";

/** `curves` are the rows of the model's database, if it has one. */
export function createPerformanceModel(
  parameters: PerformanceModelParameters,
  curves: readonly KindCurves[],
): PerformanceModel {
  return "db_path" in parameters
    ? new DatabasePerformanceModel(curves)
    : new ConstantPerformanceModel(parameters.prompt_time, parameters.token_time);
}
