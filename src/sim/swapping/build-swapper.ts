/** Makes all that serves more models than fit, from a run's configuration. */
import { ConfigError } from "../../errors.ts";
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
import type { Timeline } from "../timeline/timeline.ts";
import type { Requests } from "../workload/requests.ts";
import { checkFit, checkTiers } from "./check-models.ts";
import { evictionPolicies } from "./eviction/index.ts";
import { GroupTurns } from "./group-turns.ts";
import { WeightLoader } from "./links/weight-loader.ts";
import { modelRecord } from "./model-record.ts";
import { ModelSwapper } from "./model-swapper.ts";
import { modelOrders } from "./order/index.ts";
import { modelPlacements } from "./placement/index.ts";
import type { StaticParameters } from "./placement/model-placement.schema.ts";
import { tryPlacement } from "./placement/try-placement.ts";
import { GroupMemory, type ProcessorGroup } from "./processor-group.ts";
import { processorGroups } from "./processor-groups.ts";
import { ResidencyMoves } from "./residency-moves.ts";
import { Residency, type ServedModel } from "./served-model.ts";
import { type ModelDescription, servedModels } from "./served-models.ts";
import type { SwapRecord } from "./swap-record.ts";
import { SwapSamples } from "./swap-samples.ts";
import { loadTriggers } from "./trigger/index.ts";

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
  const groups = processorGroups(context.servers, kernel, settings);
  const models = servedModels(requests, context.models);
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
  const now = () => kernel.now;
  const residencyOf = ({ index }: Instance) => byInstance[index];
  const startDelay = ({ startDelaySeconds, hiddenSeconds, model }: Residency, first: number) =>
    startDelaySeconds - Math.min(hiddenSeconds, (first * (model.layers - 1)) / model.layers);
  const turns = groups.map(
    () =>
      new GroupTurns(
        {
          isRunnable: (instance) => residencyOf(instance).state === "ready",
          isDelayed(instance) {
            const { startDelaySeconds, hiddenSeconds } = residencyOf(instance);
            return startDelaySeconds !== 0 || hiddenSeconds !== 0;
          },
          delaySeconds(instance, first) {
            const residency = residencyOf(instance);
            const seconds = startDelay(residency, first);
            residency.startDelaySeconds = 0;
            residency.hiddenSeconds = 0;
            return seconds;
          },
          stopped: (instance) => swapper.stopped(residencyOf(instance)),
        },
        settings.turn_iterations,
        now,
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
    arrivalSeconds: requests.arrivalSeconds,
    promptTokens: requests.promptTokens,
    computedSeconds: ({ index }) => turns[index].computedSeconds,
    onReady: (residency) => swapper.ready(residency),
  });
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
      tryOut: (places, target) => tryPlacement(context.simulateWith, models, places, target),
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
