/** All performance models. A new one is a file beside this one and a line here. */
import { definitionOf } from "../definition-of.ts";
import { closedForm } from "./closed-form/closed-form.ts";
import { constant } from "./constant.ts";
import { database } from "./database.ts";
import { distServe } from "./distserve.ts";
import type { PerformanceModelParameters } from "./performance.schema.ts";
import type { PerformanceData, PerformanceModel, PerformanceModelDefinition } from "./performance-model.ts";
import { profile } from "./profile/profile-model.ts";
import { roofline } from "./roofline/roofline.ts";

export const performanceModels: readonly PerformanceModelDefinition[] = [
  database,
  constant,
  closedForm,
  profile,
  roofline,
  distServe,
];

export function createPerformanceModel(
  parameters: PerformanceModelParameters,
  data: PerformanceData,
): PerformanceModel {
  return definitionOf(performanceModels, parameters._target_).create(parameters, data);
}
