/** Makes an application with its scheduler, allocator and executor. */
import { ConfigError } from "../errors.ts";
import { definitionAmong } from "./added-components.ts";
import type { AllocatorDefinition, InstanceOverheads } from "./allocator/allocator.ts";
import { allocators } from "./allocator/index.ts";
import { checkSizeBelongs } from "./checks.ts";
import { found } from "./cluster/build-cluster.ts";
import type { Instance } from "./cluster/instance.ts";
import { definitionOf } from "./definition-of.ts";
import type { EngineDefinition } from "./engine/engine.ts";
import { engines } from "./engine/index.ts";
import { Executor, type ExecutorSettings } from "./executor/executor.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { NumpyLegacyRandom } from "./kernel/numpy-legacy.ts";
import { createRandomStream, type RandomStream } from "./kernel/random.ts";
import { kvLinks } from "./kv-links/index.ts";
import { withOwnParameters } from "./own-parameters.ts";
import { schedulers } from "./scheduler/index.ts";
import type { AllocatorParameters, SchedulerParameters } from "./scheduler/scheduler.schema.ts";
import type { KvTokenJsqVariant, Scheduler, SchedulerContext, SchedulerDefinition } from "./scheduler/scheduler.ts";
import type { RunConfig } from "./simulation.schema.ts";
import type { SimulationInputs } from "./simulation.ts";
import type { ModelSwapper } from "./swapping/model-swapper.ts";
import type { Timeline } from "./timeline/timeline.ts";
import { Application } from "./workload/application.ts";
import type { ApplicationParameters } from "./workload/model.schema.ts";
import { kvBytesPerToken } from "./workload/model.ts";
import type { Requests } from "./workload/requests.ts";
import type { TaskTable } from "./workload/task-table.ts";

/** What all applications of a simulation share. */
export interface ApplicationContext {
  readonly inputs: SimulationInputs;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  /** All instances of the run, by index; they are started later. */
  readonly instances: readonly Instance[];
  readonly swapper: () => ModelSwapper;
  readonly timeline: Timeline | undefined;
}

const BYTES_PER_GIBIBYTE = 1024 ** 3;
const NO_OVERHEADS = { overheads: undefined, instance_overheads: undefined };

/** `path` is the application's in the config. Errors: ConfigError for a name that is in no repository. */
export function buildApplication(
  { inputs, kernel, requests, tasks, instances, swapper, timeline }: ApplicationContext,
  parameters: ApplicationParameters,
  path: string,
): Application {
  const { config } = inputs;
  const bytesPerToken = kvBytes(inputs, parameters, path);
  const schedulerParameters = withOwnParameters(
    found(inputs.schedulers, parameters.scheduler, "scheduler", `${path}.scheduler`),
    parameters.scheduler_parameters,
  );
  const allocatorParameters = withOwnParameters(
    found(inputs.allocators, parameters.allocator, "allocator", `${path}.allocator`),
    parameters.allocator_parameters,
  );
  const definition = definitionAmong(schedulers, inputs.added?.schedulers, schedulerParameters._target_);
  checkDecisions(config, definition.decidesGlobally === true, parameters.scheduler);
  const scheduler = definition.create(
    {
      requests,
      kvTokenJsq: config.simulation.kv_token_jsq,
      kvBytes: (request, tokens) => bytesPerToken * requests.trace.batchSize[request] * tokens,
      choose: chooser(inputs, parameters.application_id),
      globalPolicies: config,
      addedGlobalPolicies: inputs.added?.globalPolicies,
      chooseFor: decisionChooser(config.seed, parameters.application_id),
    },
    schedulerParameters,
  );
  const allocatorDefinition = definitionOf(allocators, allocatorParameters._target_);
  checkAllocator(config, allocatorDefinition, scheduler, parameters, path);
  const allocator = allocatorDefinition.create(parameters.application_id, { swapper });
  const application = new Application({
    id: parameters.application_id,
    kvBytesPerToken: bytesPerToken,
    scheduler,
    allocator,
    instanceOverheads: instanceOverheads(allocatorParameters),
  });
  const overheads = schedulerParameters.executor_overheads;
  const engine = definitionOf(engines, config.engine._target_);
  const bandwidth = transferBytesPerSecond(schedulerParameters, definition, config.simulation.kv_token_jsq);
  application.executor = new Executor({
    kernel,
    requests,
    tasks,
    kvBytesPerToken: bytesPerToken,
    createLinks: (context) => {
      const links = definitionOf(kvLinks, config.kv_links._target_).create(context, config.kv_links);
      return timeline?.watch(links) ?? links;
    },
    instances,
    scheduler,
    settings: {
      tasks: engine.taskSettings?.(config.engine),
      remainingBytes: overlappedBytes(inputs, parameters, engine, bandwidth),
      firstToken: engine.firstToken?.(config.engine) ?? "prefill",
      transferBytesPerSecond: bandwidth,
      submitTaskSeconds: overheads.submit_task,
      submitFlowSeconds: overheads.submit_flow,
      finishRequestSeconds: overheads.finish_request,
    },
    listener: {
      prefillDone: (request) => {
        scheduler.prefillDone?.(request);
        application.retry();
      },
      transferDone: (request) => scheduler.transferDone?.(request),
      requestDone: (request) => {
        scheduler.requestDone?.(request);
        application.retry();
      },
      instanceIdle: (index) => {
        scheduler.instanceIdle?.(instances[index]);
        allocator.instanceIdle(index);
      },
    },
  });
  return application;
}

function kvBytes(inputs: SimulationInputs, parameters: ApplicationParameters, path: string): number {
  const { model_architecture: architectureName, model_size: sizeName } = parameters;
  const architecture = found(
    inputs.architectures,
    architectureName,
    "model architecture",
    `${path}.model_architecture`,
  );
  const size = found(inputs.sizes, sizeName, "model size", `${path}.model_size`);
  checkSizeBelongs(parameters, inputs.architectures.keys(), size, path);
  return kvBytesPerToken(architecture, size, inputs.config.simulation.kv_cache);
}

/** All applications swap their models, or none does; and schedulers must let go of instances. */
function checkAllocator(
  config: RunConfig,
  { swapsModels = false }: AllocatorDefinition,
  { removeInstance }: Scheduler,
  { allocator, scheduler }: ApplicationParameters,
  path: string,
): void {
  const isSwapping = config.swapping !== undefined;
  if (swapsModels !== isSwapping) {
    throw new ConfigError(
      "wrong_allocator",
      isSwapping
        ? `Where models are swapped, all applications have the allocator model_swapping, and this one has ${allocator}.`
        : "The allocator model_swapping needs to know what it may swap.",
      { path: `${path}.allocator`, hint: isSwapping ? "Set it to model_swapping." : "Add swapping=pool." },
    );
  }
  if (!isSwapping || removeInstance !== undefined) return;
  throw new ConfigError("wrong_scheduler", `The scheduler ${scheduler} cannot do without an instance that it knows.`, {
    path: `${path}.scheduler`,
    hint: "Models are swapped with the schedulers jsq, token_jsq, round_robin and random.",
  });
}

function instanceOverheads(parameters: AllocatorParameters): InstanceOverheads {
  const { overheads, instance_overheads: instance } = "overheads" in parameters ? parameters : NO_OVERHEADS;
  return {
    spinUpSeconds: overheads?.spin_up ?? 0,
    runSeconds: instance?.run ?? 0,
    preemptSeconds: instance?.preempt ?? 0,
  };
}

const DECISIONS = ["prefill_global", "decode_global"] as const;

function checkDecisions(config: RunConfig, decidesGlobally: boolean, scheduler: string): void {
  const given = DECISIONS.find((decision) => config[decision] !== undefined);
  if (given === undefined || decidesGlobally) return;
  throw new ConfigError(
    "no_such_decision",
    `The scheduler ${scheduler} decides by itself: it has no use for ${given}.`,
    {
      path: given,
      hint: `Add scheduler=disaggregated, or leave ${given} out.`,
    },
  );
}

/** Streams are made when they are asked, which few runs do: a stream costs a hash. */
function decisionChooser(seed: number, applicationId: number): SchedulerContext["chooseFor"] {
  const streams = new Map<string, RandomStream>();
  return (decision, count) => {
    let stream = streams.get(decision);
    if (stream === undefined) {
      stream = createRandomStream(seed, `applications.${applicationId}.${decision}`);
      streams.set(decision, stream);
    }
    return stream.below(count);
  };
}

function chooser({ config }: SimulationInputs, applicationId: number): (count: number) => number {
  if (config.simulation.random === "numpy") {
    const numpy = new NumpyLegacyRandom(config.compat.numpy_seed ?? config.seed);
    return (count) => numpy.choice(count);
  }
  let stream: RandomStream | undefined;
  return (count) => {
    stream ??= createRandomStream(config.seed, `applications.${applicationId}.scheduler`);
    return stream.below(count);
  };
}

/** What of a KV cache is still to be sent when its prefill ends; undefined: all of it. */
function overlappedBytes(
  { config, architectures }: SimulationInputs,
  { model_architecture: name }: ApplicationParameters,
  engine: EngineDefinition,
  bytesPerSecond: number,
): ExecutorSettings["remainingBytes"] {
  const layers = architectures.get(name)?.num_layers ?? 1;
  const { remainingBytes } = engine;
  if (remainingBytes === undefined) return undefined;
  return (bytes, prefillSeconds) => remainingBytes(config.engine, { bytes, prefillSeconds, layers, bytesPerSecond });
}

/** Infinite for a scheduler that never transfers. */
function transferBytesPerSecond(
  parameters: SchedulerParameters,
  definition: SchedulerDefinition,
  variant: KvTokenJsqVariant,
): number {
  if (!("transfer_bandwidth" in parameters)) return Number.POSITIVE_INFINITY;
  return parameters.transfer_bandwidth * BYTES_PER_GIBIBYTE * (definition.transferSpeedup?.(variant) ?? 1);
}
