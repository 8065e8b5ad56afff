/**
 * servesweep as a library: compose a configuration, simulate it, and read what happened. The composition engine alone is
 * `servesweep/config`.
 *
 * @example
 * import { openWorkspace, prepareRun, readInputs, runMetrics, requestTables, simulate } from "servesweep";
 *
 * const { composer, resolver } = openWorkspace({});
 * const { inputs } = prepareRun(composer.compose(["cluster=dgx-h100", "trace.rate=40"]), resolver);
 * const record = simulate(readInputs(inputs));
 * console.log(runMetrics(record, requestTables(record)).ttft_p99);
 */

export { type Configuration, configurations, type PlacementSpace } from "./analysis/goodput/configurations.ts";
export { highestRate, type RateSearch } from "./analysis/goodput/highest-rate.ts";
export * from "./errors.ts";
export { estimateLatency, type LatencyEstimate, type ModelEstimate } from "./estimate-latency.ts";
export { type PreparedRun, prepareRun, runSpecOf } from "./inputs/prepare-run.ts";
export type { RunSpec } from "./inputs/run-spec.ts";
export { type ConfigLocation, openWorkspace, type Workspace } from "./inputs/workspace.ts";
export { METRICS, type RunMetrics, runMetrics } from "./results/metrics.ts";
export { type RequestTable, requestTables } from "./results/request-table.ts";
export { readInputs, runOne } from "./run-one.ts";
export { closedFormLatency } from "./sim/latency/closed-form-latency.ts";
export type { LatencyRequest, RequestLatency } from "./sim/latency/request-latency.ts";
export { analysePass, type OperatorWork, type PassAnalysis } from "./sim/performance/roofline/pass-analysis.ts";
export { rooflinePlan } from "./sim/performance/roofline/roofline.ts";
export type { InstanceRecord, RequestOutcomes, RunRecord } from "./sim/recorder.ts";
export { type SimulationInputs, simulate } from "./sim/simulation.ts";
export type { Trace } from "./sim/workload/trace.ts";
