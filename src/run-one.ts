/** Runs one run: reads its inputs, simulates, and writes its shard. */
import { ConfigError, invariant } from "./errors.ts";
import { readDeclared } from "./inputs/declared-files.ts";
import { loadMilpSolver } from "./inputs/milp-solver.ts";
import { readPerformanceTable } from "./inputs/performance-table.ts";
import { addedComponents, blamingPlugins, loadDeclaredPlugins } from "./inputs/plugins/plugin.ts";
import { readProfile } from "./inputs/profile-file.ts";
import { referenceTimes } from "./inputs/reference-times.ts";
import type { RunSpec } from "./inputs/run-spec.ts";
import type { FileContent } from "./results/file-content.ts";
import { type RunMetrics, runMetrics, servedSpanSeconds, servedTable } from "./results/metrics.ts";
import { requestFileOf } from "./results/request-files/index.ts";
import { type RequestTable, requestTables } from "./results/request-table.ts";
import { chosenOutputs, runFiles } from "./results/run-files.ts";
import type { SloConfig } from "./results/slo.schema.ts";
import { sloMetrics } from "./results/slo-metrics.ts";
import { writeShard } from "./results/write-shard.ts";
import type { KindCurves } from "./sim/performance/database.ts";
import type { PerformanceData } from "./sim/performance/performance-model.ts";
import type { Profile } from "./sim/performance/profile/profile.ts";
import type { RunRecord, TimelineColumns } from "./sim/recorder.ts";
import { checkInputs, type SimulationInputs, simulate } from "./sim/simulation.ts";
import type { Trace } from "./sim/workload/trace.ts";
import { canonicalJson } from "./sweep/run-id.ts";
import type { RunResult, RunTask } from "./sweep/run-task.ts";
import { checkGenerator } from "./traces/generate-trace.ts";
import { csvPath, isDrawn, loadTrace, type TraceConfig, traceFiles } from "./traces/load-trace.ts";
import { TraceCache } from "./traces/trace-cache.ts";

/** What simulating needs of a run's spec. */
type RunInputs = Omit<RunSpec, "records">;

/** Reads or generates what `spec` names; opens only the files that it declares. `trace` replaces the configured one. */
export function readInputs(spec: RunInputs, trace = traceOf(spec)): SimulationInputs {
  const outputs = chosenOutputs(spec.config.results.outputs);
  const recording = outputs.has("request_nodes") ? "tasks" : "requests";
  const interval = outputs.has("samples") ? spec.config.results.sample_interval : null;
  return {
    ...spec,
    recording,
    sampleIntervalSeconds: interval ?? undefined,
    trace,
    added: addedComponents(spec),
    ...performanceData(spec),
  };
}

/** Holds all traces of the largest published sweeps (42, of 90,000 requests on average): 150 MB. */
const knownTraces = new TraceCache(4_000_000);

/** Runs of a process share a trace that is read from the same bytes, or generated from the same tables and seed. */
export function traceOf({ config: { trace, seed }, files }: RunInputs): Trace {
  const key = traceKey(trace, isDrawn(trace) ? seed : null, files);
  const openFile = (path: string) => ({ path, bytes: readDeclared(files, path) });
  return knownTraces.get(key, () => loadTrace(trace, { seed, openFile }));
}

/** Throws what simulating `spec` would throw before its first event, as far as it can be told without the trace. */
export function checkRun(spec: RunInputs): void {
  const { seed: _seed, trace: _trace, ...config } = spec.config;
  const identity = canonicalJson({ ...config });
  if (identity !== lastChecked) {
    const data = performanceData(spec);
    blamingPlugins(spec, () => checkInputs({ ...spec, ...data, added: addedComponents(spec) }));
    const { slo } = spec.config;
    if (slo !== undefined) checkSlo(spec, slo, data);
    lastChecked = identity;
  }
  checkTrace(spec);
}

/** The last configuration that passed, less what only its trace depends on: neighbours in a sweep often differ in that alone. */
let lastChecked = "";

function checkSlo(spec: RunInputs, slo: SloConfig, data: PerformanceData): void {
  if (slo.name === "splitwise" || slo.limits !== undefined) referenceTimes(spec, slo, data);
  if (slo.name === "latency" && !Object.values(slo.targets ?? {}).some((target) => target !== null)) {
    throw new ConfigError("missing_key", "slo=latency needs a target.", {
      path: "slo.targets",
      hint: "Set slo.targets.ttft, slo.targets.tbt or slo.targets.e2e, in seconds.",
    });
  }
}

const checkedTraces = new Set<string>();

/** Once for all runs that differ in their seeds only. */
function checkTrace({ config: { trace }, files }: RunInputs): void {
  if (trace._target_ !== "traces.Generated" || csvPath(trace) !== undefined) return;
  const key = traceKey(trace, null, files);
  if (checkedTraces.has(key)) return;
  checkGenerator(trace, (path) => ({ path, bytes: readDeclared(files, path) }));
  checkedTraces.add(key);
}

/** Equal for traces of the same parameters, seed and bytes. */
function traceKey(trace: TraceConfig, seed: number | null, files: RunInputs["files"]): string {
  return JSON.stringify([trace, seed, traceFiles(trace).map(({ path }) => files.get(path)?.sha256)]);
}

/** Parsed performance tables by the hash of their file: all runs of a sweep share one. */
const knownCurves = new Map<string, KindCurves[]>();

/** What performance models are made from. */
export interface PerformanceInputs {
  readonly config: Pick<RunSpec["config"], "performance_model">;
  readonly files: RunSpec["files"];
}

/** Reads what the performance model of `spec` needs. */
export function performanceData(spec: PerformanceInputs): PerformanceData {
  return { curves: curvesOf(spec), profile: profileOf(spec) };
}

function curvesOf({ config, files }: PerformanceInputs): KindCurves[] {
  if (!("db_path" in config.performance_model)) return [];
  const path = config.performance_model.db_path;
  const sha256 = files.get(path)?.sha256 ?? "";
  let curves = knownCurves.get(sha256);
  if (curves === undefined) {
    curves = readPerformanceTable(readDeclared(files, path).toString("utf8"), path);
    knownCurves.set(sha256, curves);
  }
  return curves;
}

/** Parsed profiles by the hash of their file. */
const knownProfiles = new Map<string, Profile>();

function profileOf({ config: { performance_model: model }, files }: PerformanceInputs): Profile | undefined {
  if (model._target_ !== "performance_models.Profile") return undefined;
  const sha256 = files.get(model.path)?.sha256 ?? "";
  const profile =
    knownProfiles.get(sha256) ?? readProfile(readDeclared(files, model.path).toString("utf8"), model.path);
  knownProfiles.set(sha256, profile);
  return profile;
}

/** The metrics of a run that keeps no files. */
export function runMetricsOf(spec: RunInputs): RunMetrics {
  const inputs = readInputs({ ...spec, config: { ...spec.config, results: { ...spec.config.results, outputs: [] } } });
  const record = simulate(inputs);
  const tables = requestTables(record);
  return metricsOf(spec, record, tables);
}

/** Loaded only for a policy that asks it. */
async function solverOf({ config: { prefill_local: prefill, decode_local: decode } }: RunInputs) {
  const isAsked = [prefill, decode].some((order) => order?._target_ === "local_policies.Milp");
  return isAsked ? await loadMilpSolver() : undefined;
}

/** `different`: what is recorded otherwise than `spec` says. */
async function recordOf(spec: RunInputs, different: Partial<SimulationInputs> = {}): Promise<RunRecord> {
  await loadDeclaredPlugins(spec);
  const inputs = { ...readInputs(spec), ...different, milpSolver: await solverOf(spec) };
  return blamingPlugins(spec, () => simulate(inputs));
}

/** A run's result and the files of its shard. */
export interface ComputedRun extends RunResult {
  readonly files: ReadonlyMap<string, FileContent>;
}

/** Simulates a run; nothing is written. `keepsFiles`: whether the run has a shard of its own. */
export async function computeRun(task: Pick<RunTask, "runId" | "spec">, keepsFiles: boolean): Promise<ComputedRun> {
  const spec = task.spec as RunSpec;
  const record = await recordOf(spec);
  const tables = requestTables(record);
  const metrics = metricsOf(spec, record, tables);
  const result = { runId: task.runId, metrics, notes: record.unfinishedReasons };
  if (!keepsFiles) return { ...result, files: new Map() };
  const { results, slo, power_model: powerModel } = spec.config;
  const { outputs, format = "csv" } = results;
  const options = { format, requestFile: await requestFileOf(format), targets: slo?.targets, powerModel };
  const files = new Map<string, FileContent>(runFiles(record, tables, chosenOutputs(outputs), options));
  // How a run without any file of its own was composed stands in its sweep's plan.
  if (files.size > 0) for (const [name, text] of spec.records) files.set(`.hydra/${name}`, text);
  return { ...result, files };
}

/** A run that was made again, with a timeline of what its instances did. */
export interface ReplayedRun {
  readonly record: RunRecord;
  readonly timeline: TimelineColumns;
  /** As the run had them. */
  readonly metrics: RunMetrics;
}

/** Simulates a run again and records more of it; nothing is written. */
export async function replayRun(spec: RunInputs, bounds: SimulationInputs["timeline"] & {}): Promise<ReplayedRun> {
  const record = await recordOf(spec, { recording: "tasks", sampleIntervalSeconds: undefined, timeline: bounds });
  invariant(record.timeline !== undefined, "a timeline was asked for and not recorded");
  return { record, timeline: record.timeline, metrics: metricsOf(spec, record, requestTables(record)) };
}

/** The `RunOne` of every launcher: resolves once the shard, if the run has one of its own, is complete. */
export async function runOne(task: RunTask): Promise<RunResult> {
  const { files, ...result } = await computeRun(task, task.outputDir !== undefined);
  if (task.outputDir !== undefined) await writeShard(task.outputDir, files, result);
  return result;
}

function metricsOf(spec: RunInputs, record: RunRecord, tables: readonly RequestTable[]): RunMetrics {
  return { ...runMetrics(record, tables), ...serviceLevels(spec, record, tables) };
}

function serviceLevels(spec: RunInputs, record: RunRecord, tables: readonly RequestTable[]): RunMetrics {
  const { slo, cluster } = spec.config;
  if (slo === undefined || slo.name === "none") return {};
  const table = servedTable(record, tables);
  return sloMetrics({
    slo,
    table,
    completionSeconds: record.outcomes.completionSeconds,
    unfinished: record.trace.count - record.completionOrder.length,
    spanSeconds: servedSpanSeconds(record),
    reference: slo.limits && referenceTimes(spec, slo, performanceData(spec)),
    servers: cluster.servers,
  });
}
