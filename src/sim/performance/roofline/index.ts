/** The roofline model as a library: plans of passes, and their analysis operator by operator. */
export { analysePass } from "./pass-analysis.ts";
export { rooflinePlan } from "./roofline.ts";
export { RooflineIterationTimes } from "./roofline-times.ts";
