/** The roofline model as a library: plans of passes, and their analysis operator by operator. */
export { analysePass, type OperatorWork, type PassAnalysis } from "./pass-analysis.ts";
export type { PassPlan } from "./plan.ts";
export { rooflinePlan } from "./roofline.ts";
export { RooflineIterationTimes } from "./roofline-times.ts";
export type { Bound } from "./rule.ts";
