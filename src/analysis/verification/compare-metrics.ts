/** Compares the times of a simulation with those of an engine that served the same requests. */
import { TraceError } from "../../errors.ts";
import { pairwiseSum } from "../../results/pairwise-sum.ts";
import { COMPARED_METRIC_NAMES, type ComparedMetric, metricSeconds, type ServedRequest } from "./served-request.ts";

/** Seconds of both sides; the error is signed, of the engine's value, in percent. */
export interface MetricPair {
  readonly engine: number;
  readonly sim: number;
  /** Null where the engine's time is 0. */
  readonly error_percent: number | null;
}

export interface RequestComparison {
  readonly request: string;
  readonly in_tokens: number;
  readonly out_tokens: number;
  readonly metrics: Readonly<Partial<Record<ComparedMetric, MetricPair>>>;
}

export interface MetricSummary {
  readonly requests: number;
  readonly engine_mean: number;
  readonly sim_mean: number;
  /** Of the means. */
  readonly mean_error_percent: number | null;
  /** Of the signed errors of the requests. */
  readonly error_mean_percent: number | null;
  /** Their sample standard deviation; null below two. */
  readonly error_std_percent: number | null;
  readonly error_abs_mean_percent: number | null;
  /** Request with the largest error. */
  readonly worst: { readonly request: string; readonly error_percent: number } | null;
}

export interface MetricsComparison {
  readonly requests: readonly RequestComparison[];
  readonly summary: Readonly<Partial<Record<ComparedMetric, MetricSummary>>>;
}

/** VllmSimulator counts a simulated time of 0 as a microsecond. */
const LEAST_SECONDS = 1e-6;

/** `sim` by name, or in the same order. Errors: TraceError if the two sides do not serve the same requests. */
export function compareMetrics(engine: readonly ServedRequest[], sim: readonly ServedRequest[]): MetricsComparison {
  const partner = pairing(engine, sim);
  const requests = engine.map((request, index) => compareRequest(request, partner(request, index)));
  const summary = COMPARED_METRIC_NAMES.flatMap((metric) => {
    const summarised = summarise(requests, metric);
    return summarised === undefined ? [] : [[metric, summarised] as const];
  });
  return { requests, summary: Object.fromEntries(summary) };
}

/** Relative error of `sim` in percent of `engine`; null if that is 0. */
export function errorPercent(sim: number, engine: number): number | null {
  return engine === 0 ? null : (100 * ((sim === 0 ? LEAST_SECONDS : sim) - engine)) / engine;
}

function pairing(engine: readonly ServedRequest[], sim: readonly ServedRequest[]) {
  const byName = new Map(sim.map((request) => [request.name, request]));
  const missing = engine.filter(({ name }) => !byName.has(name));
  if (missing.length === 0) {
    const extra = sim.length - engine.length;
    if (extra > 0) throw new TraceError(`The simulation has ${extra} requests that the engine did not serve.`, {});
    return ({ name }: ServedRequest) => byName.get(name) as ServedRequest;
  }
  const isSameOrder =
    engine.length === sim.length &&
    engine.every(({ promptTokens, outputTokens }, index) => {
      return promptTokens === sim[index].promptTokens && outputTokens === sim[index].outputTokens;
    });
  if (isSameOrder) return (_: ServedRequest, index: number) => sim[index];
  const named = missing.slice(0, 5).map(({ name }) => `'${name}'`);
  const rest = missing.length > 5 ? ` and ${missing.length - 5} others` : "";
  throw new TraceError(
    `The simulation has no request ${named.join(", ")}${rest}, which the engine served.`,
    {},
    {
      hint: "Requests are matched by name, or by order if their lengths are the same.",
    },
  );
}

function compareRequest(engine: ServedRequest, sim: ServedRequest): RequestComparison {
  if (engine.promptTokens !== sim.promptTokens || engine.outputTokens !== sim.outputTokens) {
    throw new TraceError(
      `Request '${engine.name}' has ${engine.promptTokens} and ${engine.outputTokens} tokens in the engine, and ` +
        `${sim.promptTokens} and ${sim.outputTokens} in the simulation.`,
      {},
    );
  }
  const metrics: Partial<Record<ComparedMetric, MetricPair>> = {};
  for (const metric of COMPARED_METRIC_NAMES) {
    const [ofEngine, ofSim] = [metricSeconds(engine, metric), metricSeconds(sim, metric)];
    if (ofEngine === undefined || ofSim === undefined) continue;
    metrics[metric] = { engine: ofEngine, sim: ofSim, error_percent: errorPercent(ofSim, ofEngine) };
  }
  return { request: engine.name, in_tokens: engine.promptTokens, out_tokens: engine.outputTokens, metrics };
}

function summarise(requests: readonly RequestComparison[], metric: ComparedMetric): MetricSummary | undefined {
  const pairs = requests.flatMap(({ metrics }) => metrics[metric] ?? []);
  if (pairs.length === 0) return undefined;
  const errors = pairs.flatMap(({ error_percent }) => error_percent ?? []);
  const [engineMean, simMean] = [mean(pairs.map(({ engine }) => engine)), mean(pairs.map(({ sim }) => sim))];
  return {
    requests: pairs.length,
    engine_mean: engineMean,
    sim_mean: simMean,
    mean_error_percent: errorPercent(simMean, engineMean),
    error_mean_percent: errors.length === 0 ? null : mean(errors),
    error_std_percent: sampleDeviation(errors),
    error_abs_mean_percent: errors.length === 0 ? null : mean(errors.map(Math.abs)),
    worst: worstOf(requests, metric),
  };
}

function worstOf(requests: readonly RequestComparison[], metric: ComparedMetric): MetricSummary["worst"] {
  let worst: MetricSummary["worst"] = null;
  for (const { request, metrics } of requests) {
    const error = metrics[metric]?.error_percent ?? null;
    if (error === null || Math.abs(error) <= Math.abs(worst?.error_percent ?? 0)) continue;
    worst = { request, error_percent: error };
  }
  return worst;
}

function mean(values: readonly number[]): number {
  return pairwiseSum(Float64Array.from(values)) / values.length;
}

function sampleDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  const squares = Float64Array.from(values, (value) => (value - centre) ** 2);
  return Math.sqrt(pairwiseSum(squares) / (values.length - 1));
}
