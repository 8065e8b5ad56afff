/**
 * Decides which models are where: loads those that requests wait for, makes room for them, and says "not now" to requests
 * whose model is on its way or has to give way. One for all applications of a run.
 */
import { ConfigError } from "../../errors.ts";
import { gigabytes } from "../checks.ts";
import type { EventKind, Kernel, TimerId } from "../kernel/kernel.ts";
import type { EvictionPolicy } from "./eviction/eviction-policy.ts";
import type { GroupTurns } from "./group-turns.ts";
import type { ModelOrder, WaitingModel } from "./order/model-order.ts";
import type { ModelPlacement } from "./placement/model-placement.ts";
import type { ProcessorGroup } from "./processor-group.ts";
import type { ResidencyMoves } from "./residency-moves.ts";
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
  readonly isPrefetch: boolean;
  /** Where it goes on after a pre-emption. */
  readonly resumes: Residency | undefined;
  /** Where room is being made; others do not load there before it. */
  target: ProcessorGroup | undefined;
}

export class ModelSwapper {
  readonly #parts: ModelSwapperParts;
  readonly #plans: Plan[] = [];
  readonly #retryTimer: TimerId;
  readonly #leaveIfIdle: EventKind;
  readonly #comeBack: EventKind;
  readonly #residencies: readonly Residency[];
  readonly #numbers: ReadonlyMap<Residency, number>;
  #isAdvancing = false;
  #advancesAgain = false;
  readonly #holding = new Set<Residency>();
  readonly #models: ReadonlyMap<number, ServedModel>;
  /** By the index of its instance. */
  readonly #byInstance = new Map<number, Residency>();

  constructor(parts: ModelSwapperParts) {
    this.#parts = parts;
    const { kernel, models } = parts;
    this.#residencies = models.flatMap(({ residencies }) => residencies);
    this.#numbers = new Map(this.#residencies.map((residency, index) => [residency, index]));
    this.#models = new Map(models.map((model) => [model.application.id, model]));
    this.#retryTimer = kernel.timer(
      kernel.on(() => this.#advance()),
      0,
    );
    this.#leaveIfIdle = kernel.on((index) => this.#leave(this.#residencies[index]));
    this.#comeBack = kernel.on((index) => this.#prefetch(models[index]));
  }

  /** Loads what is there from the start: pinned models, at no cost; then prefetches and the schedule begin. */
  start(): void {
    const { kernel, models, moves, trigger } = this.#parts;
    for (const model of models) {
      if (!model.isPinned) continue;
      const residency = this.#candidates(this.#newPrefetch(model)).find(
        ({ group, missingBytes }) => missingBytes <= group.freeBytes,
      );
      if (residency === undefined) throw pinnedError(model);
      moves.preload(residency);
      model.application.activate(residency.instance);
    }
    for (const planned of trigger.schedule ?? []) {
      const load = kernel.on(() => this.#loadAsPlanned(planned.model, planned.group));
      kernel.at(planned.seconds, load, 0);
    }
    if (models.length > 0) this.#prefetchInto(this.#parts.groups);
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
    const isIdle = model.application.unplacedRequests === 0 && !model.residencies.some((each) => isAtWork(each));
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
    const { kernel, eviction, moves } = this.#parts;
    const { model } = residency;
    residency.idleSinceSeconds = kernel.now;
    model.idleSinceSeconds = kernel.now;
    if (this.#holding.delete(residency)) {
      // It ended its work at the boundary at which it was to hold.
      residency.state = "absent";
      moves.evict(residency);
      this.#planIfWaiting(model);
    }
    if (residency.state === "ready" && !model.isPinned) {
      const keepAlive = eviction.keepAliveSeconds?.(model) ?? Number.POSITIVE_INFINITY;
      const prewarm = eviction.prewarmSeconds?.(model);
      const index = this.#numbers.get(residency) as number;
      if (prewarm !== undefined) {
        kernel.at(kernel.now, this.#leaveIfIdle, index);
        if (prewarm < keepAlive) kernel.at(kernel.now + prewarm, this.#comeBack, model.index);
      } else if (keepAlive < Number.POSITIVE_INFINITY) kernel.at(kernel.now + keepAlive, this.#leaveIfIdle, index);
    }
    this.#advance();
  }

  /** A load has ended: the model's requests are placed, and others may have room now. */
  ready(residency: Residency): void {
    const { eviction, kernel } = this.#parts;
    const { model } = residency;
    this.#drop((plan) => plan.resumes === residency);
    if (residency.isBusy) residency.instance.engine.turnTaker?.resume();
    model.application.activate(residency.instance);
    const keepAlive = eviction.keepAliveSeconds?.(model) ?? Number.POSITIVE_INFINITY;
    if (keepAlive < Number.POSITIVE_INFINITY && !model.isPinned) {
      kernel.at(kernel.now + keepAlive, this.#leaveIfIdle, this.#numbers.get(residency) as number);
    }
    this.#planIfWaiting(model);
    this.#advance();
    this.#prefetchInto([residency.group]);
  }

  #planIfWaiting(model: ServedModel): void {
    const { application } = model;
    if (application.unplacedRequests > 0 && !this.#isExpected(model)) {
      this.#plan(model, application.firstUnplaced, undefined);
    }
  }

  /** A busy model has come to an iteration boundary after it was told to hold. */
  stopped(residency: Residency): void {
    if (!this.#holding.has(residency)) return;
    this.#parts.moves.clearKv(residency, () => {
      this.#holding.delete(residency);
      this.#drop((plan) => plan.model === residency.model && plan.resumes === undefined);
      this.#plan(residency.model, -1, residency);
      this.#advance();
    });
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

  get waitingPlans(): number {
    return this.#plans.length;
  }

  queuedLoads(group: ProcessorGroup): number {
    const targeted = this.#plans.reduce((sum, { target }) => sum + (target === group ? 1 : 0), 0);
    return targeted + this.#parts.moves.clockOf(group).loads;
  }

  /** Whether the model will be ready some time, without a further plan. */
  #isExpected(model: ServedModel): boolean {
    const isBack = model.residencies.some(({ state }) => state === "loading" || state === "held");
    return isBack || this.#plans.some((plan) => plan.model === model);
  }

  #plan(model: ServedModel, headRequest: number, resumes: Residency | undefined): void {
    const { kernel } = this.#parts;
    this.#plans.push({
      model,
      sinceSeconds: kernel.now,
      headRequest,
      isPrefetch: false,
      resumes,
      target: resumes?.group,
    });
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
      if (!this.#plans.includes(plan)) continue;
      const residency = this.#roomFor(plan, taken);
      if (residency !== undefined) {
        this.#drop((each) => each === plan);
        this.#load(residency, plan.isPrefetch);
        this.#advancesAgain = true;
        return;
      }
      // It waits until it has been evicted.
      if (plan.resumes === undefined && plan.model.isReady()) continue;
      plan.target ??= this.#bestGroup(plan.model, taken);
      if (plan.target === undefined) continue;
      taken.add(plan.target);
      this.#preemptFor(plan, plan.target);
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

  /** Where the plan's model can be loaded right now, once idle models have left. */
  #roomFor(plan: Plan, taken: ReadonlySet<ProcessorGroup>): Residency | undefined {
    const { placement } = this.#parts;
    let best: Residency | undefined;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const residency of this.#candidates(plan)) {
      const { group } = residency;
      if (taken.has(group) || !this.#hasRoom(residency)) continue;
      const rank = placement.rank(plan.model, group);
      if (best === undefined || rank < bestRank) {
        best = residency;
        bestRank = rank;
      }
    }
    return best;
  }

  #candidates({ model, resumes }: Plan): Residency[] {
    if (resumes !== undefined) return [resumes];
    const allowed = this.#parts.placement.groupsFor(model);
    return model.residencies.filter(({ group, state }) => state === "absent" && allowed.includes(group));
  }

  #bestGroup(model: ServedModel, taken: ReadonlySet<ProcessorGroup>): ProcessorGroup | undefined {
    const { placement } = this.#parts;
    const groups = placement.groupsFor(model);
    const open = groups.filter((group) => !taken.has(group));
    const [first, ...rest] = open.length > 0 ? open : groups;
    return rest.reduce(
      (best, group) => (placement.rank(model, group) < placement.rank(model, best) ? group : best),
      first,
    );
  }

  #hasRoom(residency: Residency): boolean {
    const { group } = residency;
    const missing = residency.missingBytes - group.freeBytes;
    return missing <= 0 || this.#idleBytes(group, residency) >= missing;
  }

  /** Bytes that idle models would leave. */
  #idleBytes(group: ProcessorGroup, but: Residency | undefined): number {
    if (this.#parts.eviction.isNever) return 0;
    let bytes = 0;
    for (const residency of group.present) {
      if (residency !== but && this.#isEvictable(residency) && !isAtWork(residency)) bytes += leavingBytes(residency);
    }
    return bytes;
  }

  availableBytes(group: ProcessorGroup): number {
    return group.freeBytes + this.#idleBytes(group, undefined);
  }

  #isEvictable(residency: Residency): boolean {
    const { state, model, share } = residency;
    if (model.isPinned || share.weightBytes === 0 || this.#holding.has(residency)) return false;
    return state === "ready" || state === "held";
  }

  /** Residencies whose leaving makes room, idle ones first, each kind in the policy's order. */
  #victims(residency: Residency, includesBusy: boolean): Residency[] {
    const { eviction } = this.#parts;
    const { group } = residency;
    let missing = residency.missingBytes - group.freeBytes;
    if (missing <= 0 || eviction.isNever) return [];
    const candidates = [...group.present]
      .filter((each) => each !== residency && this.#isEvictable(each) && (includesBusy || !isAtWork(each)))
      .map((each) => ({
        each,
        busy: isAtWork(each) ? 1 : 0,
        rank: eviction.rank(each),
        tie: eviction.tie?.(each) ?? 0,
      }))
      .sort(
        (a, b) =>
          a.busy - b.busy ||
          compare(a.rank, b.rank) ||
          a.tie - b.tie ||
          a.each.lastUseSeconds - b.each.lastUseSeconds ||
          a.each.model.index - b.each.model.index,
      );
    const victims: Residency[] = [];
    for (const { each } of candidates) {
      if (missing <= 0) break;
      victims.push(each);
      missing -= leavingBytes(each);
    }
    return victims;
  }

  #takes(residency: Residency, request: number): boolean {
    const { order } = this.#parts;
    // What has been loaded is used.
    if (residency.served === 0) return true;
    for (const plan of this.#inOrder()) {
      if (plan.model === residency.model || plan.target !== residency.group) continue;
      const arriving = plan.model.residencies.find(({ group }) => group === residency.group);
      if (arriving === undefined || !this.#victims(arriving, true).includes(residency)) continue;
      return order.takes(residency, request, plan);
    }
    return true;
  }

  #load(residency: Residency, isPrefetch: boolean): void {
    const { moves, settings } = this.#parts;
    const victims = this.#victims(residency, false);
    if (residency.state === "held" && residency.missingBytes === 0) {
      moves.resume(residency);
      return;
    }
    residency.group.quietly(() => {
      for (const victim of victims) moves.evict(victim);
      moves.load(residency, isPrefetch, victims.length > 0 ? settings.overheads.unload : 0);
    });
  }

  #preemptFor(plan: Plan, group: ProcessorGroup): void {
    const { kernel, settings, order } = this.#parts;
    if (settings.preemption === "none") return;
    const arriving = plan.resumes ?? plan.model.residencies.find((each) => each.group === group);
    if (arriving === undefined || arriving.state === "ready") return;
    const busy = this.#victims(arriving, true).filter((each) => each.state === "ready" && isAtWork(each));
    let nextSeconds = Number.POSITIVE_INFINITY;
    for (const victim of busy) {
      // Who has just been let in works for a while: none would get anywhere else.
      const least = Math.max(plan.sinceSeconds, victim.readySinceSeconds) + settings.preempt_after;
      const at = order.preemptAtSeconds?.(victim, plan) ?? least;
      if (at <= kernel.now) {
        if (this.#mayKeepKv(victim)) this.#hold(victim);
      } else nextSeconds = Math.min(nextSeconds, at);
    }
    if (nextSeconds < Number.POSITIVE_INFINITY) kernel.arm(this.#retryTimer, nextSeconds);
  }

  /** Kept KV caches leave room for any one model, so that always one of them can go on. */
  #mayKeepKv({ group, share }: Residency): boolean {
    const { settings, models } = this.#parts;
    if (settings.preemption !== "keep") return true;
    let keptBytes = share.kvBytes;
    for (const each of group.present) if (each.state === "held") keptBytes += each.share.kvBytes;
    const largest = models.reduce((most, { neededBytes }) => Math.max(most, neededBytes), 0);
    return keptBytes + largest <= group.capacityBytes;
  }

  #hold(residency: Residency): void {
    const { moves, turnsOf } = this.#parts;
    const { instance, group } = residency;
    moves.hold(residency);
    this.#holding.add(residency);
    if (turnsOf(group).isComputing(instance)) instance.engine.turnTaker?.yieldTurn();
    else this.stopped(residency);
  }

  /** The time to stay has passed, if nothing has happened since. */
  #leave(residency: Residency): void {
    const { kernel, eviction, moves } = this.#parts;
    const { model } = residency;
    if (residency.state !== "ready" || isAtWork(residency)) return;
    const keepAlive = eviction.keepAliveSeconds?.(model) ?? Number.POSITIVE_INFINITY;
    const prewarm = eviction.prewarmSeconds?.(model);
    const isBack = residency.isUnusedPrefetch;
    const due = residency.idleSinceSeconds + (prewarm !== undefined && !isBack ? 0 : keepAlive);
    if (kernel.now < due) return;
    moves.evict(residency);
    this.#advance();
    this.#prefetchInto([residency.group]);
  }

  #prefetch(model: ServedModel): void {
    if (model.isReady() || model.isComing() || this.#plans.some((plan) => plan.model === model)) return;
    const plan = this.#newPrefetch(model);
    const residency = this.#roomFor(plan, new Set());
    if (residency !== undefined) this.#load(residency, true);
  }

  #newPrefetch(model: ServedModel): Plan {
    const { kernel } = this.#parts;
    const shared = { model, sinceSeconds: kernel.now, headRequest: -1, resumes: undefined, target: undefined };
    return { ...shared, isPrefetch: true };
  }

  #loadAsPlanned(model: ServedModel, groupIndex: number | undefined): void {
    const plan = this.#newPrefetch(model);
    const candidates = this.#candidates(plan).filter(
      ({ group }) => groupIndex === undefined || group.index === groupIndex,
    );
    const residency = candidates.find((each) => this.#hasRoom(each));
    if (residency !== undefined) this.#load(residency, true);
  }

  /** Fills memory that is free with what the trigger expects next. */
  #prefetchInto(groups: readonly ProcessorGroup[]): void {
    const { trigger, models, placement } = this.#parts;
    const { prefetchRank } = trigger;
    if (prefetchRank === undefined || this.#plans.length > 0) return;
    const absent = models
      .filter((model) => !model.isNotWanted && !model.isReady() && !this.#isExpected(model))
      .map((model) => ({ model, rank: prefetchRank(model) }))
      .filter(({ rank }) => Number.isFinite(rank))
      .sort((a, b) => a.rank - b.rank || a.model.index - b.model.index);
    for (const group of groups) {
      const spareBytes = (trigger.spareShare ?? 0) * group.capacityBytes;
      for (const { model } of absent) {
        if (model.isComing() || !placement.groupsFor(model).includes(group)) continue;
        const residency = model.residencies.find((each) => each.group === group && each.state === "absent");
        if (residency === undefined || residency.missingBytes + spareBytes > group.freeBytes) continue;
        this.#load(residency, true);
      }
    }
  }

  #wantReplica(model: ServedModel): void {
    const replicas = model.residencies.filter(({ state }) => state === "ready" || state === "loading").length;
    if (replicas >= this.#parts.settings.max_replicas) return;
    const residency = this.#roomFor(this.#newPrefetch(model), new Set());
    if (residency !== undefined) this.#load(residency, false);
  }
}

function pinnedError({ name, neededBytes }: ServedModel): ConfigError {
  return new ConfigError(
    "pinned_models_too_large",
    `The pinned models do not fit: ${name} finds no ${gigabytes(neededBytes)} of free memory on the processors where it may be.`,
    { path: "swapping.models", hint: "Pin fewer models, or use more or larger processors." },
  );
}

function isAtWork(residency: Residency): boolean {
  return residency.state === "ready" && residency.isBusy;
}

/** What an idle or held model would leave free: its weights, and the memory that is promised and not used. */
function leavingBytes({ share }: Residency): number {
  return share.weightBytes + Math.max(0, share.reservedKvBytes - share.kvBytes);
}

/** Infinities are equal to themselves. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
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
