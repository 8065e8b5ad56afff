/**
 * Decides which models are where: loads those that requests wait for, makes room for them, and says "not now" to requests
 * whose model is on its way or has to give way. One for all applications of a run.
 */
import type { Kernel } from "../kernel/kernel.ts";
import type { EvictionPolicy } from "./eviction/eviction-policy.ts";
import type { GroupTurns } from "./group-turns.ts";
import { Loads } from "./loads.ts";
import type { ModelOrder, WaitingModel } from "./order/model-order.ts";
import type { ModelPlacement } from "./placement/model-placement.ts";
import { Preemption } from "./preemption.ts";
import { Prefetcher } from "./prefetcher.ts";
import type { ProcessorGroup } from "./processor-group.ts";
import type { ResidencyMoves } from "./residency-moves.ts";
import { Retention } from "./retention.ts";
import { Room } from "./room.ts";
import type { Residency, ServedModel } from "./served-model.ts";
import type { SwappingParameters } from "./swapping.schema.ts";
import type { LoadTrigger } from "./trigger/load-trigger.ts";

export interface ModelSwapperParts {
  readonly kernel: Kernel;
  readonly settings: SwappingParameters;
  readonly models: readonly ServedModel[];
  readonly groups: readonly ProcessorGroup[];
  readonly turnsOf: (group: ProcessorGroup) => GroupTurns;
  readonly moves: ResidencyMoves;
  readonly eviction: EvictionPolicy;
  readonly order: ModelOrder;
  readonly placement: ModelPlacement;
  readonly trigger: LoadTrigger;
  readonly onPlaced: (request: number) => void;
}

/** A model that is to be loaded as soon as there is room. */
interface Plan extends WaitingModel {
  /** Where it goes on after a pre-emption. */
  readonly resumes: Residency | undefined;
  /** Where room is being made; others do not load there before it. */
  target: ProcessorGroup | undefined;
}

export class ModelSwapper {
  readonly #parts: ModelSwapperParts;
  readonly #room: Room;
  readonly #loads: Loads;
  readonly #preemption: Preemption;
  readonly #retention: Retention;
  readonly #prefetcher: Prefetcher;
  readonly #plans: Plan[] = [];
  readonly #models: ReadonlyMap<number, ServedModel>;
  /** By the index of its instance. */
  readonly #byInstance = new Map<number, Residency>();
  #isAdvancing = false;
  #advancesAgain = false;

  constructor(parts: ModelSwapperParts) {
    this.#parts = parts;
    this.#models = new Map(parts.models.map((model) => [model.application.id, model]));
    const room = new Room(parts.eviction);
    const loads = new Loads({ ...parts, room });
    this.#room = room;
    this.#loads = loads;
    this.#prefetcher = new Prefetcher({ ...parts, loads, isExpected: (model) => this.#isExpected(model) });
    this.#retention = new Retention({
      ...parts,
      comeBack: (model) => this.#prefetcher.bring(model),
      onLeft: ({ group }) => {
        this.#advance();
        this.#fill([group]);
      },
    });
    this.#preemption = new Preemption({
      ...parts,
      room,
      onDue: () => this.#advance(),
      onHeld: (residency) => {
        this.#drop(({ model, resumes }) => model === residency.model && resumes === undefined);
        this.#plan(residency.model, -1, residency);
        this.#advance();
      },
    });
  }

  /** Loads what is there from the start. Errors: ConfigError if pinned models do not fit. */
  start(): void {
    this.#prefetcher.start();
    this.#fill(this.#parts.groups);
  }

  modelOf(applicationId: number): ServedModel {
    return this.#models.get(applicationId) as ServedModel;
  }

  /** The residency has an instance from now on. */
  instanceStarted(residency: Residency): void {
    this.#byInstance.set(residency.instance.index, residency);
  }

  /** A request arrived, and is not placed yet. */
  requestArrived(model: ServedModel): void {
    const { kernel } = this.#parts;
    const isIdle = model.application.unplacedRequests === 0 && !model.residencies.some(({ isAtWork }) => isAtWork);
    if (isIdle && model.arrived > 0) insertSorted(model.idleSeconds, kernel.now - model.idleSinceSeconds);
    model.arrived++;
    model.isNotWanted = false;
    if (model.isReady()) model.hits++;
    for (const residency of model.residencies) {
      if (residency.state === "loading" && residency.isUnusedPrefetch) this.#parts.moves.hurry(residency);
    }
  }

  /** Whether a ready model may take this request, or must let another be loaded first. */
  admits(model: ServedModel, request: number): boolean {
    if (this.#plans.length === 0) return true;
    let isReady = false;
    for (const residency of model.residencies) {
      if (residency.state !== "ready") continue;
      isReady = true;
      if (this.#takes(residency, request)) return true;
    }
    return !isReady;
  }

  /** Instances are given by their indices. */
  requestPlaced(request: number, instance: number): void {
    this.#parts.onPlaced(request);
    const residency = this.#byInstance.get(instance) as Residency;
    residency.lastUseSeconds = this.#parts.kernel.now;
    residency.served++;
    residency.isUnusedPrefetch = false;
    const { settings } = this.#parts;
    const { model } = residency;
    if (settings.replica_queue === null || residency.instance.engine.pendingRequests < settings.replica_queue) return;
    if (model.residencies.every((each) => each.state !== "ready" || each.instance.engine.pendingRequests > 0)) {
      this.#wantReplica(model);
    }
  }

  /** The request could not be placed. */
  requestWaits(model: ServedModel, request: number): void {
    if (!this.#isExpected(model)) this.#plan(model, request, undefined);
    this.#advance();
  }

  instanceIdle(instance: number): void {
    const residency = this.#byInstance.get(instance) as Residency;
    const { kernel } = this.#parts;
    const { model } = residency;
    residency.idleSinceSeconds = kernel.now;
    residency.lastUseSeconds = kernel.now;
    model.idleSinceSeconds = kernel.now;
    if (this.#preemption.ended(residency)) this.#planIfWaiting(model);
    else this.#retention.idle(residency);
    this.#advance();
  }

  /** A load has ended: the model's requests are placed, and others may have room now. */
  ready(residency: Residency): void {
    const { model, instance } = residency;
    this.#drop((plan) => plan.resumes === residency);
    if (residency.isBusy) instance.engine.turnTaker?.resume();
    model.application.activate(instance);
    this.#retention.ready(residency);
    this.#planIfWaiting(model);
    this.#advance();
    this.#fill([residency.group]);
  }

  /** A busy model has come to an iteration boundary at which it may not go on. */
  stopped(residency: Residency): void {
    this.#preemption.stopped(residency);
  }

  /** Why requests wait although nothing happens, as sentences. */
  stalls(): string[] {
    const { models } = this.#parts;
    return models
      .filter(({ application }) => application.unplacedRequests > 0)
      .slice(0, 3)
      .map(
        ({ name, application }) =>
          `${application.unplacedRequests} requests wait for ${name}, which finds no memory on the processors where it may be.`,
      );
  }

  queuedLoads(group: ProcessorGroup): number {
    const targeted = this.#plans.reduce((sum, { target }) => sum + (target === group ? 1 : 0), 0);
    return targeted + this.#parts.moves.clockOf(group).loads;
  }

  /** Free bytes there, once idle models have left. */
  availableBytes(group: ProcessorGroup): number {
    return this.#room.availableBytes(group);
  }

  #planIfWaiting(model: ServedModel): void {
    const { application } = model;
    if (application.unplacedRequests > 0 && !this.#isExpected(model)) {
      this.#plan(model, application.firstUnplaced, undefined);
    }
  }

  /** Whether the model will be ready some time, without a further plan. */
  #isExpected(model: ServedModel): boolean {
    const isBack = model.residencies.some(({ state }) => state === "loading" || state === "held");
    return isBack || this.#plans.some((plan) => plan.model === model);
  }

  #plan(model: ServedModel, headRequest: number, resumes: Residency | undefined): void {
    const { now } = this.#parts.kernel;
    this.#plans.push({ model, sinceSeconds: now, headRequest, resumes, target: resumes?.group });
  }

  #drop(isDone: (plan: Plan) => boolean): void {
    for (let index = this.#plans.length - 1; index >= 0; index--) {
      if (isDone(this.#plans[index])) this.#plans.splice(index, 1);
    }
  }

  /** Starts all loads that can start, in the policy's order. */
  #advance(): void {
    if (this.#plans.length === 0) return;
    if (this.#isAdvancing) {
      this.#advancesAgain = true;
      return;
    }
    this.#isAdvancing = true;
    do {
      this.#advancesAgain = false;
      this.#advanceOnce();
    } while (this.#advancesAgain);
    this.#isAdvancing = false;
  }

  #advanceOnce(): void {
    this.#placeWhatFits();
    const taken = new Set<ProcessorGroup>();
    for (const plan of this.#inOrder()) {
      // Telling others to hold may have dropped it.
      if (!this.#plans.includes(plan)) continue;
      const { model, resumes } = plan;
      const candidates = resumes === undefined ? this.#loads.candidates(model) : [resumes];
      const residency = this.#loads.best(candidates, taken);
      if (residency !== undefined) {
        this.#drop((each) => each === plan);
        this.#loads.start(residency, false);
        this.#advancesAgain = true;
        return;
      }
      // It waits until it has been evicted.
      if (resumes === undefined && model.isReady()) continue;
      plan.target ??= this.#loads.targetFor(model, taken);
      if (plan.target === undefined) continue;
      taken.add(plan.target);
      const arriving = resumes ?? model.residencies.find(({ group }) => group === plan.target);
      if (arriving !== undefined) this.#preemption.makeRoom(plan, arriving);
    }
  }

  /** Models that are ready may have been told to wait for a plan that is no more. */
  #placeWhatFits(): void {
    for (const plan of [...this.#plans]) {
      const { application } = plan.model;
      if (plan.resumes !== undefined || !plan.model.isReady()) continue;
      application.retry();
      if (application.unplacedRequests === 0) this.#drop((each) => each === plan);
      else plan.headRequest = application.firstUnplaced;
    }
  }

  #inOrder(): Plan[] {
    if (this.#plans.length === 1) return [...this.#plans];
    const { order } = this.#parts;
    const ranks = new Map(this.#plans.map((plan) => [plan, order.rank(plan)]));
    const rank = (plan: Plan) => ranks.get(plan) as number;
    // The sort keeps plans of equal rank in the order in which they were made.
    return [...this.#plans].sort((a, b) => rank(a) - rank(b));
  }

  #takes(residency: Residency, request: number): boolean {
    const { order } = this.#parts;
    // What has been loaded is used.
    if (residency.served === 0) return true;
    for (const plan of this.#inOrder()) {
      if (plan.model === residency.model || plan.target !== residency.group) continue;
      const arriving = plan.model.residencies.find(({ group }) => group === residency.group);
      if (arriving === undefined || !this.#room.victims(arriving, true).includes(residency)) continue;
      return order.takes(residency, request, plan);
    }
    return true;
  }

  #fill(groups: readonly ProcessorGroup[]): void {
    if (this.#plans.length === 0) this.#prefetcher.fill(groups);
  }

  #wantReplica(model: ServedModel): void {
    const replicas = model.residencies.filter(({ state }) => state === "ready" || state === "loading").length;
    if (replicas >= this.#parts.settings.max_replicas) return;
    const residency = this.#loads.best(this.#loads.candidates(model), new Set());
    if (residency !== undefined) this.#loads.start(residency, false);
  }
}

function insertSorted(values: number[], value: number): void {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  values.splice(low, 0, value);
}
