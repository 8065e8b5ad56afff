/** Fits the roofline's efficiencies, and the overhead of an iteration, to measured passes. */
import { stringify } from "yaml";
import { fitLinearised } from "../../analysis/fit/linearised-fit.ts";
import type { Measurement } from "../../analysis/fit/measurements.ts";
import { residual } from "../../analysis/fit/residuals.ts";
import { SweepError } from "../../errors.ts";
import { latencyConfig } from "../../estimate-latency.ts";
import { latencyInstance } from "../../inputs/latency-instance.ts";
import { type ConfigLocation, openWorkspace } from "../../inputs/workspace.ts";
import type { RooflineParameters } from "../../sim/performance/performance.schema.ts";
import type { BatchShape, TimedInstance } from "../../sim/performance/performance-model.ts";
import { analysePass, rooflinePlan } from "../../sim/performance/roofline/index.ts";
import type { Bound } from "../../sim/performance/roofline/rule.ts";
import type { FitReport } from "./fit-report.ts";

const BOUNDS: readonly Bound[] = ["compute", "memory", "network"];

/** The instance is that of `sweep latency` with the same overrides. Errors: ConfigError, SweepError `USAGE`. */
export function rooflineReport(
  measurements: readonly Measurement[],
  overrides: readonly string[],
  location: ConfigLocation,
): FitReport {
  const { composer } = openWorkspace({ configName: "latency", ...location });
  const config = latencyConfig(composer.compose(overrides, { mode: "run" }));
  const parameters = Object.values(config.performance_models).find(isRoofline);
  if (parameters === undefined) throw new SweepError("USAGE", "The configuration has no roofline performance model.");
  const { instance, notes } = latencyInstance(config);
  // Slowdowns: times are linear in them as long as no operator changes its bound.
  const slowdown = (name: string) => ({ name, initial: 1, least: 1 });
  const { coefficients, warnings } = fitLinearised(
    measurements,
    [
      slowdown("1 / compute_efficiency"),
      slowdown("1 / bandwidth_efficiency"),
      ...(instance.tensorParallelism > 1 ? [slowdown("1 / network_efficiency")] : []),
      { name: "iteration_overhead", initial: 0, least: 0 },
    ],
    (at) => featuresAt(parameters, instance, at),
    ({ seconds }) => seconds,
  );
  const fitted = fittedParameters(parameters, coefficients);
  const seconds = secondsBy(fitted, instance);
  const overhead = fitted.iteration_overhead;
  const name = `${instance.modelArchitecture} on ${instance.tensorParallelism} x ${instance.processorName}`;
  const part = (title: string, key: string, points: readonly Measurement[], shown: boolean) => ({
    name: key,
    title: `${title} of ${name}`,
    coefficients: shown ? efficienciesOf(fitted) : [],
    residuals: points.map((point) => residual(labelOf(point), point.seconds, sum(seconds(point)) + overhead)),
  });
  const prefills = measurements.filter(({ isDecode }) => !isDecode);
  const decodes = measurements.filter(({ isDecode }) => isDecode);
  return {
    parts: [
      ...(prefills.length === 0 ? [] : [part("Passes with a prefill", "prefill", prefills, true)]),
      ...(decodes.length === 0 ? [] : [part("Passes of decodes", "decode", decodes, prefills.length === 0)]),
    ],
    warnings: [...notes, ...warnings],
    content: stringify(fitted),
  };
}

function isRoofline(parameters: { readonly _target_: string }): parameters is RooflineParameters {
  return parameters._target_ === "performance_models.Roofline";
}

/** Of a slowdown of 0, where nothing was told of it, the configured efficiency. */
function fittedParameters(parameters: RooflineParameters, at: readonly number[]): RooflineParameters {
  const [compute, bandwidth, ...others] = at;
  const network = others.length === 2 ? others[0] : 0;
  const efficiency = (slowdown: number, configured: number) => (slowdown > 0 ? Math.min(1, 1 / slowdown) : configured);
  return {
    ...parameters,
    compute_efficiency: efficiency(compute, parameters.compute_efficiency),
    bandwidth_efficiency: efficiency(bandwidth, parameters.bandwidth_efficiency),
    network_efficiency: efficiency(network, parameters.network_efficiency),
    iteration_overhead: others[others.length - 1],
  };
}

/** Seconds of a pass that each slowdown multiplies, and 1 for the overhead. */
function featuresAt(parameters: RooflineParameters, instance: TimedInstance, at: readonly number[]) {
  const current = fittedParameters(parameters, at);
  const seconds = secondsBy(current, instance);
  const efficiencies = [current.compute_efficiency, current.bandwidth_efficiency, current.network_efficiency];
  const bounds = at.length - 1;
  return (point: Measurement) => [
    ...seconds(point)
      .slice(0, bounds)
      .map((time, index) => time * efficiencies[index]),
    1,
  ];
}

/** Seconds of a measured pass by what its operators are bound by. */
function secondsBy(parameters: RooflineParameters, instance: TimedInstance): (point: Measurement) => number[] {
  const plan = rooflinePlan(parameters, instance);
  return (point) => {
    const { operators } = analysePass(plan, shapeOf(point));
    return BOUNDS.map((bound) =>
      sum(operators.filter((operator) => operator.bound === bound).map(({ seconds, repeats }) => seconds * repeats)),
    );
  };
}

/** Requests of a pass are taken to be equally long. */
function shapeOf({ tokens, batch, context, squaredTokens, isDecode }: Measurement): BatchShape {
  const nothing = { prefills: 0, promptTokens: 0, squaredPromptTokens: 0, promptContextProducts: 0 };
  if (isDecode) return { ...nothing, decodes: batch, contextTokens: context + batch };
  return {
    prefills: batch,
    promptTokens: tokens,
    squaredPromptTokens: squaredTokens,
    promptContextProducts: (tokens * context) / batch,
    decodes: 0,
    contextTokens: 0,
  };
}

function efficienciesOf(fitted: RooflineParameters): [string, number][] {
  const { compute_efficiency, bandwidth_efficiency, network_efficiency, iteration_overhead } = fitted;
  return Object.entries({ compute_efficiency, bandwidth_efficiency, network_efficiency, iteration_overhead });
}

function labelOf({ tokens, batch, context }: Measurement): string {
  return context === 0 ? `${batch} x ${tokens / batch}` : `${batch} with ${context}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
