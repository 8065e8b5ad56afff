/**
 * Simulation inputs for tests, small enough to compute by hand: one byte of KV cache per token, and iteration times that
 * are exact in binary. Settings whose defaults matter (engine, simulation, schedulers) are those of the shipped conf/.
 */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import type { SkuParameters } from "../../src/sim/cluster/cluster.schema.ts";
import type { InstanceParameters } from "../../src/sim/engine/instance-parameters.ts";
import type { MeasuredCurves } from "../../src/sim/performance/interpolated.ts";
import type { RunRecord } from "../../src/sim/recorder.ts";
import type { SchedulerParameters } from "../../src/sim/scheduler/scheduler.schema.ts";
import type { RunConfig } from "../../src/sim/simulation.schema.ts";
import { type SimulationInputs, simulate } from "../../src/sim/simulation.ts";
import type { Trace } from "../../src/sim/workload/trace.ts";

export interface Row {
  readonly arrival: number;
  readonly prompt: number;
  readonly output: number;
  readonly id?: number;
  readonly application?: number;
  readonly batchSize?: number;
}

export function traceOf(rows: readonly Row[], more: Partial<Trace> = {}): Trace {
  return {
    count: rows.length,
    arrivalSeconds: Float64Array.from(rows, (row) => row.arrival),
    promptTokens: Int32Array.from(rows, (row) => row.prompt),
    outputTokens: Int32Array.from(rows, (row) => row.output),
    requestId: Float64Array.from(rows, (row, index) => row.id ?? index),
    requestType: Int32Array.from(rows, () => 2),
    applicationId: Int32Array.from(rows, (row) => row.application ?? 0),
    batchSize: Int32Array.from(rows, (row) => row.batchSize ?? 1),
    source: "made by hand",
    ...more,
  };
}

/** A prefill of b tokens takes b / 1024 s, an iteration of decodes 1/16 s: sums and products of these are exact. */
export const EXACT_TIMES: MeasuredCurves = {
  batchTokens: [0, 2 ** 20],
  prefillSeconds: [0, 1024],
  decodeSeconds: [1 / 16, 1 / 16],
};

/** Times of the size that servers need, and none of them exact: sums round differently in another order. */
export const INEXACT_TIMES: MeasuredCurves = {
  batchTokens: [1, 100, 400, 1600],
  prefillSeconds: [0.013, 0.1, 0.37, 1.9],
  decodeSeconds: [0.021, 0.033, 0.07, 0.31],
};

function conf(path: string) {
  return parse(readFileSync(new URL(`../../conf/${path}`, import.meta.url), "utf8"));
}

const primary = conf("config.yaml");
const splitwise = conf("compat/splitwise.yaml");
const SHIPPED = {
  default: {
    simulation: primary.simulation,
    engine: conf("engine/continuous_batching.yaml"),
    startState: conf("start_state/baseline.yaml"),
  },
  splitwise: {
    simulation: splitwise.simulation,
    engine: { ...conf("engine/continuous_batching.yaml"), ...splitwise.engine },
    startState: { ...conf("start_state/baseline.yaml"), ...splitwise.start_state },
  },
} as const;

const SCHEDULERS: readonly SchedulerParameters[] = readdirSync(new URL("../../conf/scheduler", import.meta.url))
  .sort()
  .map((file) => conf(`scheduler/${file}`));

function schedulersWith(overheads: Overheads): Map<string, SchedulerParameters> {
  return new Map(
    SCHEDULERS.map((parameters) => {
      const executorOverheads = { ...parameters.executor_overheads, ...overheads };
      return [parameters.name ?? "", { ...parameters, executor_overheads: executorOverheads }];
    }),
  );
}

type Overheads = Partial<SchedulerParameters["executor_overheads"]>;
type StartState = RunConfig["start_state"];
type ApplicationParameters = RunConfig["applications"][number];

export interface Setting {
  readonly rows?: readonly Row[];
  readonly trace?: Partial<Trace>;
  /** Which settings of conf/ are the base: the corrected simulator, or SplitwiseSim's. */
  readonly settings?: "default" | "splitwise";
  readonly engine?: Partial<RunConfig["engine"]>;
  readonly simulation?: Partial<RunConfig["simulation"]>;
  readonly kvLinks?: RunConfig["kv_links"];
  /** SKUs: `node` (1 gpu), `pair` (2 gpu), `quad` (4 gpu), `big-node` (1 big-gpu). */
  readonly servers?: RunConfig["cluster"]["servers"];
  /** Bytes of memory of a gpu, which is as many tokens; a big-gpu has twice as much. */
  readonly gpuBytes?: number;
  readonly weightBytes?: number;
  readonly startState?: Partial<StartState>;
  readonly instance?: Partial<InstanceParameters>;
  readonly times?: MeasuredCurves;
  /** Seconds of whole prefills and whole decodes, instead of `times`. */
  readonly constant?: { readonly prompt_time: number; readonly token_time: number };
  readonly scheduler?: string;
  readonly overheads?: Overheads;
  readonly routingDelay?: number;
  readonly applications?: readonly Partial<ApplicationParameters>[];
  readonly endTime?: number;
  readonly seed?: number;
  readonly numpySeed?: number;
  readonly debug?: boolean;
  readonly sampleInterval?: number;
}

export const INSTANCE: InstanceParameters = {
  instance_type: "Splitwise",
  max_batch_size: 512,
  max_batch_tokens: 2048,
  max_preemptions: 4,
  pipeline_parallelism: 1,
  tensor_parallelism: 1,
};

/** One server with one instance, round robin, no limits within reach, unless the setting says otherwise. */
export function inputsOf(setting: Setting): SimulationInputs {
  const gpuBytes = setting.gpuBytes ?? 1_000_000;
  const gpu = (name: string, memory_size: number) => [name, { name, memory_size }] as const;
  const sku = (name: string, processor: string, count: number) =>
    [name, { name, processors: [{ name: processor, count }] }] satisfies [string, SkuParameters];
  return {
    config: configOf(setting),
    sampleIntervalSeconds: setting.sampleInterval,
    trace: traceOf(setting.rows ?? [], setting.trace),
    processors: new Map([gpu("gpu", gpuBytes), gpu("big-gpu", 2 * gpuBytes)]),
    skus: new Map<string, SkuParameters>([
      sku("node", "gpu", 1),
      sku("pair", "gpu", 2),
      sku("quad", "gpu", 4),
      sku("big-node", "big-gpu", 1),
    ]),
    architectures: new Map([["tiny", { name: "tiny", num_layers: 1, hidden_size: 1, num_heads: 1 }]]),
    // Keys and values of half a byte each: one byte per token.
    sizes: new Map([["tiny-int4", { weights: setting.weightBytes ?? 0, dtype_size: 0.5 }]]),
    schedulers: schedulersWith(setting.overheads ?? {}),
    allocators: new Map([["noop", { _target_: "allocators.NoOp" as const }]]),
    curves: ["gpu", "big-gpu"].flatMap((processorName) =>
      [1, 2, 4].map((tensorParallelism) => ({
        modelArchitecture: "tiny",
        processorName,
        tensorParallelism,
        ...(setting.times ?? EXACT_TIMES),
      })),
    ),
  };
}

function configOf(setting: Setting): RunConfig {
  const shipped = SHIPPED[setting.settings ?? "default"];
  const scheduler = setting.scheduler ?? "round_robin";
  return {
    cluster: { servers: setting.servers ?? [{ sku: "node", count: 1 }] },
    router: { _target_: "routers.NoOp", overheads: { routing_delay: setting.routingDelay ?? 0 } },
    arbiter: { _target_: "arbiters.NoOp" },
    hardware_repo: { processors: "", skus: "", interconnects: "" },
    model_repo: { architectures: "", sizes: "" },
    orchestrator_repo: { allocators: "", schedulers: "" },
    performance_model: setting.constant
      ? { _target_: "performance_models.Constant", ...setting.constant }
      : { _target_: "performance_models.Database", db_path: "" },
    power_model: { _target_: "power_models.Constant", idle_power: {}, prompt_power: {}, token_power: {} },
    applications: (setting.applications ?? [{}]).map((application, index) => ({
      _target_: "applications.Application" as const,
      application_id: index,
      model_architecture: "tiny",
      model_size: "tiny-int4",
      allocator: "noop",
      scheduler,
      debug: setting.debug ?? false,
      ...application,
    })),
    scheduler: SCHEDULERS[0],
    start_state: {
      ...shipped.startState,
      split_type: "homogeneous",
      instance: { ...INSTANCE, ...setting.instance },
      prompt: { ...INSTANCE, ...setting.instance, num_instances: 1, instance_names: ["node"] },
      token: { ...INSTANCE, ...setting.instance, num_instances: 1, instance_names: ["big-node"] },
      ...setting.startState,
    },
    engine: { ...shipped.engine, ...setting.engine },
    kv_links: setting.kvLinks ?? { _target_: "kv_links.Private", latency: 0 },
    simulation: { ...shipped.simulation, ...setting.simulation },
    compat: {
      name: setting.settings === "splitwise" ? "splitwise" : "none",
      ...(setting.numpySeed === undefined ? {} : { numpy_seed: setting.numpySeed }),
    },
    end_time: setting.endTime ?? 86_400,
    debug: setting.debug ?? false,
    seed: setting.seed ?? 0,
  };
}

export function run(setting: Setting): RunRecord {
  return simulate(inputsOf(setting));
}

/** Times of one request, by trace row; NaN where the event did not happen. */
export function timesOf({ outcomes, trace }: RunRecord, row: number) {
  return {
    arrival: trace.arrivalSeconds[row],
    prefill: [outcomes.prefillStartSeconds[row], outcomes.prefillEndSeconds[row]],
    decode: [outcomes.decodeStartSeconds[row], outcomes.decodeEndSeconds[row]],
    completion: outcomes.completionSeconds[row],
  };
}

/** What the action throws; undefined if nothing. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
