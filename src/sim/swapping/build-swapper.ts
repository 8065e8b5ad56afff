/** Makes all that serves more models than fit, from a run's configuration. */
import { ConfigError, TraceError } from "../../errors.ts";
import { gigabytes } from "../checks.ts";
import type { Instance } from "../cluster/instance.ts";
import type { Server } from "../cluster/server.ts";
import { definitionOf } from "../definition-of.ts";
import type { InstanceParameters } from "../engine/instance-parameters.ts";
import type { ProcessorTurns } from "../engine/processor-turns.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Memory } from "../memory/memory.ts";
import type { IterationTimes } from "../performance/performance-model.ts";
import type { RunRecord } from "../recorder.ts";
import type { RunConfig } from "../simulation.schema.ts";
import { slices } from "../start-state/slices.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Application } from "../workload/application.ts";
import type { Requests } from "../workload/requests.ts";
import { evictionPolicies } from "./eviction/index.ts";
import { GroupTurns } from "./group-turns.ts";
import { WeightLoader } from "./links/weight-loader.ts";
import { ModelSwapper } from "./model-swapper.ts";
import { modelOrders } from "./order/index.ts";
import { modelPlacements } from "./placement/index.ts";
import type { StaticParameters } from "./placement/model-placement.schema.ts";
import type { PlacementTrial } from "./placement/model-placement.ts";
import { GroupMemory, ProcessorGroup } from "./processor-group.ts";
import { ResidencyMoves } from "./residency-moves.ts";
import { Residency, ServedModel } from "./served-model.ts";
import type { SwapRecord } from "./swap-record.ts";
import { SwapSamples } from "./swap-samples.ts";
import type { SwappingParameters } from "./swapping.schema.ts";
import { loadTriggers } from "./trigger/index.ts";

/** A model as the configuration describes it. */
export interface ModelDescription {
  readonly name: string;
  readonly application: Application;
  readonly weightBytes: number;
  readonly layers: number;
  readonly isPinned: boolean;
  readonly path: string;
}

/** An instance that shares its processors. */
export interface SharedInstancePlan {
  readonly model: ServedModel;
  readonly group: ProcessorGroup;
  readonly parameters: InstanceParameters;
  readonly memory: Memory;
  readonly turns: ProcessorTurns;
}

export interface SwapperContext {
  readonly config: RunConfig;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly servers: readonly Server[];
  readonly models: readonly ModelDescription[];
  readonly startInstance: (plan: SharedInstancePlan) => Instance;
  readonly timesOf: (model: ServedModel, group: ProcessorGroup) => IterationTimes;
  readonly timeline: Timeline | undefined;
  readonly sampleIntervalSeconds: number | undefined;
  /** The record of the same run with another placement. */
  readonly simulateWith: (placement: StaticParameters) => RunRecord;
}

export interface Swapping {
  readonly swapper: ModelSwapper;
  readonly samples: SwapSamples | undefined;
  record(instances: readonly Instance[]): SwapRecord;
}

/** Errors: ConfigError, TraceError for what can never be served. */
export function buildSwapper(context: SwapperContext): Swapping {
  const { config, kernel, requests } = context;
  const settings = needed(config.swapping, "swapping");
  const groups = groupsOf(context, settings);
  const models = servedModels(context);
  for (const model of models) {
    for (const group of groups) model.residencies.push(new Residency(model, group));
  }
  const loader = new WeightLoader(kernel, needed(config.weight_links, "weight_links"), groups);
  checkTiers(loader, models);
  if (context.timeline !== undefined) showSwaps(context.timeline, groups, loader, kernel);
  const interval = context.sampleIntervalSeconds;
  const samples = interval === undefined ? undefined : new SwapSamples(interval, groups, loader);
  const swapWaitSeconds = new Float64Array(requests.count).fill(Number.NaN);
  const byInstance: Residency[] = [];
  const residencyOf = ({ index }: Instance) => byInstance[index];
  const startDelay = ({ startDelaySeconds, overlapSeconds, model }: Residency, first: number) =>
    startDelaySeconds - (Math.min(first, overlapSeconds) * (model.layers - 1)) / model.layers;
  const turns = groups.map(
    () =>
      new GroupTurns(
        {
          isRunnable: (instance) => residencyOf(instance).state === "ready",
          isDelayed(instance) {
            const { startDelaySeconds, overlapSeconds } = residencyOf(instance);
            return startDelaySeconds !== 0 || overlapSeconds !== 0;
          },
          delaySeconds(instance, first) {
            const residency = residencyOf(instance);
            const seconds = startDelay(residency, first);
            residency.startDelaySeconds = 0;
            residency.overlapSeconds = 0;
            return seconds;
          },
          stopped: (instance) => swapper.stopped(residencyOf(instance)),
        },
        settings.turn_iterations,
      ),
  );
  const onGroup = groups.map((): Residency[] => []);
  for (const group of groups) {
    group.onFreed = () => {
      for (const { state, instance } of group.present) {
        if (state === "ready" && instance.engine.pendingTasks > 0) instance.engine.transferEnded(-1);
      }
    };
  }
  const parameters: InstanceParameters = { ...settings.instance, pipeline_parallelism: 1 };
  const moves = new ResidencyMoves({
    kernel,
    loader,
    settings,
    startInstance(residency) {
      const { model, group } = residency;
      const memory = new GroupMemory(group, residency.share);
      residency.instance = context.startInstance({ model, group, parameters, memory, turns: turns[group.index] });
      byInstance[residency.instance.index] = residency;
      onGroup[group.index].push(residency);
      swapper.instanceStarted(residency);
    },
    timesOf: ({ model, group }) => context.timesOf(model, group),
    onReady: (residency) => swapper.ready(residency),
  });
  const now = () => kernel.now;
  const nextUseSeconds = ({ requests: rows, arrived }: ServedModel) =>
    arrived < rows.length ? requests.arrivalSeconds[rows[arrived]] : Number.POSITIVE_INFINITY;
  const soloSeconds = (model: ServedModel, group: ProcessorGroup) =>
    loader.soloSeconds({ model: model.index, bytes: model.weightBytes, group, neighbour: undefined });
  const eviction = needed(config.model_eviction, "model_eviction");
  const order = needed(config.model_order, "model_order");
  const placement = needed(config.model_placement, "model_placement");
  const trigger = needed(config.load_trigger, "load_trigger");
  const swapper: ModelSwapper = new ModelSwapper({
    kernel,
    settings,
    models,
    groups,
    turnsOf: ({ index }) => turns[index],
    moves,
    eviction: definitionOf(evictionPolicies, eviction._target_).create(eviction, {
      now,
      nextUseSeconds,
      reloadSeconds: ({ model, group }) => soloSeconds(model, group),
    }),
    order: definitionOf(modelOrders, order._target_).create(order, {
      now,
      arrivalSeconds: requests.arrivalSeconds,
      promptTokens: requests.promptTokens,
      waitingRequests: ({ application }) => application.unplacedRequests,
      loadSeconds: (model) => soloSeconds(model, groups[0]),
    }),
    placement: definitionOf(modelPlacements, placement._target_).create(placement, {
      models,
      groups,
      pendingRequests: ({ index }) => sumOf(groups[index].present, ({ instance }) => instance.engine.pendingRequests),
      availableBytes: (group) => swapper.availableBytes(group),
      loadSeconds: soloSeconds,
      queuedLoads: (group) => swapper.queuedLoads(group),
      tryOut: (places, ttftTargetSeconds) => tryOut(context, models, places, ttftTargetSeconds),
    }),
    trigger: definitionOf(loadTriggers, trigger._target_).create(trigger, { now, models, nextUseSeconds }),
    onPlaced: (request) => {
      swapWaitSeconds[request] = kernel.now - requests.arrivalSeconds[request];
    },
  });
  checkFit(context, models, groups);
  return {
    swapper,
    samples,
    record: (instances) => ({
      models: models.map((model) => modelRecord(model, kernel.now)),
      groups: groups.map((group) => ({
        index: group.index,
        server: group.server.id,
        processorName: group.processors[0].name,
        processors: group.processors.length,
        memoryBytes: group.capacityBytes,
        busySeconds: sumOf(onGroup[group.index], ({ instance }) => instance.engine.busySeconds),
        loadingSeconds: moves.clockOf(group).seconds,
        committedByteSeconds: group.committedByteSeconds,
      })),
      links: loader.links.map(({ name, bytesPerSecond, busySeconds, movedBytes }) => ({
        name,
        bytesPerSecond,
        busySeconds,
        movedBytes,
      })),
      log: moves.log,
      ...(samples && { samples }),
      swapWaitSeconds,
      groupOfInstance: instances.map((instance) => residencyOf(instance).group.index),
    }),
  };
}

function showSwaps(timeline: Timeline, groups: readonly ProcessorGroup[], loader: WeightLoader, kernel: Kernel): void {
  const shown = timeline.addSwaps(groups, loader.links);
  loader.onMoved = (shipment, start, end, bytes) => shown.addMoved(shipment, start, end, bytes);
  loader.onRate = (link, bytesPerSecond) => shown.addRate(link, kernel.now, bytesPerSecond);
  for (const group of groups) group.onCommitted = (seconds, bytes) => shown.addCommitted(group.index, seconds, bytes);
}

function tryOut(
  { simulateWith }: SwapperContext,
  models: readonly ServedModel[],
  places: readonly (readonly ProcessorGroup[])[],
  ttftTargetSeconds: number,
): PlacementTrial {
  const numbers = models.map(({ name, index }) => [name, places[index].map((group) => group.index)] as const);
  const { outcomes, trace, swapping } = simulateWith({
    _target_: "model_placements.Static",
    groups: Object.fromEntries(numbers),
  });
  const isLate = (row: number) => !(outcomes.prefillEndSeconds[row] - trace.arrivalSeconds[row] <= ttftTargetSeconds);
  return {
    lateRequests: models.map(({ requests }) => requests.reduce((count, row) => count + (isLate(row) ? 1 : 0), 0)),
    busySeconds: (swapping?.groups ?? []).map(({ busySeconds }) => busySeconds),
  };
}

function sumOf<Item>(items: Iterable<Item>, value: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += value(item);
  return sum;
}

function needed<Node>(node: Node | undefined, path: string): Node {
  if (node !== undefined) return node;
  throw new ConfigError("missing_key", `The allocator model_swapping needs ${path}.`, {
    path,
    hint: "Choose swapping=pool, which brings all that it needs.",
  });
}

function groupsOf({ servers, kernel }: SwapperContext, { instance, workspace }: SwappingParameters): ProcessorGroup[] {
  const { tensor_parallelism: tensorParallelism } = instance;
  const shared = { workspaceBytes: workspace, now: () => kernel.now };
  const groups: ProcessorGroup[] = [];
  for (const server of servers) {
    const path = "swapping.instance";
    const parallelism = { tensor_parallelism: tensorParallelism, pipeline_parallelism: 1 };
    slices(server, parallelism, path).forEach((processors, place) => {
      const firstProcessor = place * tensorParallelism;
      groups.push(new ProcessorGroup({ index: groups.length, server, firstProcessor, processors, ...shared }));
    });
  }
  return groups;
}

function servedModels({ requests, models }: SwapperContext): ServedModel[] {
  const { trace } = requests;
  const rows = new Map(models.map(({ application }) => [application.id, [] as number[]]));
  for (let row = 0; row < trace.count; row++) rows.get(trace.applicationId[row])?.push(row);
  return models.map(({ name, application, weightBytes, layers, isPinned }, index) => {
    const own = Int32Array.from(rows.get(application.id) ?? []).sort(
      (a, b) => trace.arrivalSeconds[a] - trace.arrivalSeconds[b] || a - b,
    );
    let longestKvBytes = 0;
    let work = 0;
    for (const row of own) {
      const tokens = trace.promptTokens[row] + trace.outputTokens[row];
      longestKvBytes = Math.max(longestKvBytes, tokens * trace.batchSize[row] * application.kvBytesPerToken);
      work += tokens;
    }
    const parts = { index, name, application, weightBytes, layers, isPinned };
    return new ServedModel({ ...parts, longestKvBytes, requests: own, work });
  });
}

function checkTiers(loader: WeightLoader, models: readonly ServedModel[]): void {
  const homeless = loader.placeCopies(models);
  if (homeless === undefined) return;
  const { name, weightBytes } = models[homeless];
  throw new ConfigError(
    "no_tier",
    `No tier holds ${name}: its weights take ${gigabytes(weightBytes)}, and DRAM and NVMe are full.`,
    { path: "weight_links", hint: "Raise weight_links.dram.capacity or nvme.capacity, or add weight_links.remote." },
  );
}

/** Every model fits on a group, alone, with the longest of its requests. */
function checkFit(
  { models: described, requests }: SwapperContext,
  models: readonly ServedModel[],
  groups: readonly ProcessorGroup[],
): void {
  const largest = Math.max(...groups.map(({ capacityBytes }) => capacityBytes));
  models.forEach((model, index) => {
    if (model.weightBytes > largest) {
      throw new ConfigError(
        "model_too_large",
        `The weights of ${model.name} take ${gigabytes(model.weightBytes)}, and the largest group of processors has ${gigabytes(largest)}.`,
        { path: described[index].path, hint: "Raise swapping.instance.tensor_parallelism, or choose a smaller model." },
      );
    }
    if (model.neededBytes <= largest) return;
    const { trace } = requests;
    const tokens = (row: number) => (trace.promptTokens[row] + trace.outputTokens[row]) * trace.batchSize[row];
    const longest = model.requests.reduce((best, row) => (tokens(row) > tokens(best) ? row : best), model.requests[0]);
    throw new TraceError(
      `Request ${trace.requestId[longest]} can never be served: the KV cache of its ${tokens(longest)} tokens takes ` +
        `${gigabytes(model.longestKvBytes)}, and ${model.name} leaves ${gigabytes(largest - model.weightBytes)} of the largest group of processors.`,
      { file: trace.source, line: trace.lines?.[longest] },
      { hint: "Raise swapping.instance.tensor_parallelism, or drop the request." },
    );
  });
}

function modelRecord(model: ServedModel, now: number) {
  const present = model.residencies.filter(({ state }) => state === "ready");
  return {
    name: model.name,
    applicationId: model.application.id,
    requests: model.arrived,
    hits: model.hits,
    loads: model.loads,
    loadedBytes: model.loadedBytes,
    loadingSeconds: model.loadingSeconds,
    residentSeconds: present.reduce(
      (sum, { readySinceSeconds }) => sum + now - readySinceSeconds,
      model.residentSeconds,
    ),
    evictions: model.evictions,
    wastedPrefetches: model.wastedPrefetches,
    preemptions: model.preemptions,
    redoneTokens: model.redoneTokens,
  };
}
