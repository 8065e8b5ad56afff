/** Carries out what was decided: loads a model to a group, evicts it, holds it at an iteration boundary and lets it go on. */
import type { EventKind, Kernel } from "../kernel/kernel.ts";
import type { IterationTimes } from "../performance/performance-model.ts";
import type { WeightLoader } from "./links/weight-loader.ts";
import type { ProcessorGroup } from "./processor-group.ts";
import type { Residency } from "./served-model.ts";
import type { SwapLogRow } from "./swap-log.ts";
import type { SwappingParameters } from "./swapping.schema.ts";

export interface ResidencyMovesParts {
  readonly kernel: Kernel;
  readonly loader: WeightLoader;
  readonly settings: SwappingParameters;
  /** Starts the instance of a residency before its first load. */
  readonly startInstance: (residency: Residency) => void;
  readonly timesOf: (residency: Residency) => IterationTimes;
  readonly onReady: (residency: Residency) => void;
}

/** Seconds with something loading on a group. */
export class LoadingClock {
  seconds = 0;
  #loads = 0;
  #sinceSeconds = 0;

  begin(now: number): void {
    if (this.#loads++ === 0) this.#sinceSeconds = now;
  }

  end(now: number): void {
    if (--this.#loads === 0) this.seconds += now - this.#sinceSeconds;
  }

  get loads(): number {
    return this.#loads;
  }
}

export class ResidencyMoves {
  readonly log: SwapLogRow[] = [];
  readonly #parts: ResidencyMovesParts;
  readonly #clocks = new Map<ProcessorGroup, LoadingClock>();
  readonly #delayed: (() => void)[] = [];
  readonly #runDelayed: EventKind;

  constructor(parts: ResidencyMovesParts) {
    this.#parts = parts;
    this.#runDelayed = parts.kernel.on((index) => {
      const action = this.#delayed[index];
      this.#delayed[index] = () => {};
      action();
    });
  }

  clockOf(group: ProcessorGroup): LoadingClock {
    let clock = this.#clocks.get(group);
    if (clock === undefined) {
      clock = new LoadingClock();
      this.#clocks.set(group, clock);
    }
    return clock;
  }

  /** The model's weights set out for a group that has room for them; `unloadSeconds` pass before their first byte. */
  load(residency: Residency, isPrefetch: boolean, unloadSeconds: number): void {
    const { kernel, loader, startInstance } = this.#parts;
    const { model, group } = residency;
    if (residency.instance === undefined) startInstance(residency);
    group.present.add(residency);
    residency.state = "loading";
    residency.isUnusedPrefetch = isPrefetch;
    residency.loadingSinceSeconds = kernel.now;
    residency.lastUseSeconds = kernel.now;
    const { movedKvBytes, droppedKvBytes } = residency;
    group.update(residency.share, (share) => {
      share.weightBytes = model.weightBytes;
      share.reservedKvBytes = model.longestKvBytes;
      share.kvBytes += movedKvBytes + droppedKvBytes;
    });
    this.clockOf(group).begin(kernel.now);
    residency.movedKvBytes = 0;
    residency.droppedKvBytes = 0;
    let left = movedKvBytes > 0 ? 2 : 1;
    const arrived = () => {
      if (--left === 0) this.#attach(residency);
    };
    this.#after(unloadSeconds, () => {
      residency.load = loader.load({
        model: model.index,
        bytes: model.weightBytes,
        group,
        neighbour: this.#neighbour(residency),
        isPrefetch: residency.isUnusedPrefetch,
        onLoaded: arrived,
      });
      this.log.push({
        seconds: kernel.now,
        event: "load",
        model: model.index,
        group: group.index,
        tier: residency.load.tier,
        isPrefetch,
      });
      if (movedKvBytes > 0) loader.moveKv(movedKvBytes, group, "in", arrived);
    });
  }

  /** The model is there from the start. */
  preload(residency: Residency): void {
    const { model, group } = residency;
    this.#parts.startInstance(residency);
    group.present.add(residency);
    group.update(residency.share, (share) => {
      share.weightBytes = model.weightBytes;
      share.reservedKvBytes = model.longestKvBytes;
    });
    this.#becomeReady(residency, "ready");
  }

  /** Somebody waits for a model that was on its way anyway. */
  hurry(residency: Residency): void {
    residency.isUnusedPrefetch = false;
    residency.load?.hurry();
  }

  #attach(residency: Residency): void {
    const { kernel, settings } = this.#parts;
    const { attach, graph_capture } = settings.overheads;
    residency.overlapSeconds = settings.layer_pipelining ? kernel.now - residency.loadingSinceSeconds : 0;
    this.#after(attach + graph_capture, () => this.#ready(residency));
  }

  #ready(residency: Residency): void {
    const { kernel, settings, onReady } = this.#parts;
    const { model, group } = residency;
    this.clockOf(group).end(kernel.now);
    const seconds = kernel.now - residency.loadingSinceSeconds;
    model.loads++;
    model.loadedBytes += model.weightBytes;
    model.loadingSeconds += seconds;
    residency.load = undefined;
    residency.served = 0;
    residency.startDelaySeconds = settings.overheads.first_request_warmup + this.#recomputeSeconds(residency);
    this.#becomeReady(residency, "ready");
    onReady(residency);
  }

  #becomeReady(residency: Residency, event: "ready" | "resumed"): void {
    const { kernel } = this.#parts;
    residency.state = "ready";
    residency.readySinceSeconds = kernel.now;
    residency.lastUseSeconds = kernel.now;
    residency.idleSinceSeconds = kernel.now;
    this.log.push({ seconds: kernel.now, event, model: residency.model.index, group: residency.group.index });
  }

  /** KV caches that were dropped are computed again before anything else, in one pass of equal parts. */
  #recomputeSeconds(residency: Residency): number {
    const { droppedTokens: tokens, droppedRequests: requests } = residency;
    if (tokens === 0) return 0;
    residency.droppedTokens = 0;
    return this.#parts.timesOf(residency).stretchSeconds(
      {
        prefills: requests,
        promptTokens: tokens,
        squaredPromptTokens: (tokens * tokens) / requests,
        promptContextProducts: 0,
        decodes: 0,
        contextTokens: 0,
      },
      1,
    );
  }

  /** Frees the memory of an idle model, or the weights of a held one. */
  evict(residency: Residency): void {
    const { kernel } = this.#parts;
    const { model, group } = residency;
    if (residency.state === "ready") {
      model.residentSeconds += kernel.now - residency.readySinceSeconds;
      model.application.deactivate(residency.instance);
      residency.state = "absent";
    }
    if (residency.state === "absent") group.present.delete(residency);
    model.evictions++;
    if (residency.isUnusedPrefetch) {
      model.wastedPrefetches++;
      model.isNotWanted = true;
    }
    residency.isUnusedPrefetch = false;
    group.update(residency.share, (share) => {
      share.weightBytes = 0;
      share.reservedKvBytes = 0;
    });
    this.log.push({ seconds: kernel.now, event: "evict", model: model.index, group: group.index });
  }

  /** The model takes no more turns from here on; its requests keep their places. */
  hold(residency: Residency): void {
    const { kernel } = this.#parts;
    const { model } = residency;
    residency.state = "held";
    model.preemptions++;
    model.residentSeconds += kernel.now - residency.readySinceSeconds;
    model.application.deactivate(residency.instance);
    this.log.push({ seconds: kernel.now, event: "held", model: model.index, group: residency.group.index });
  }

  /** A held model whose weights are still there goes on once its KV caches are there again, too. */
  resume(residency: Residency): void {
    const { kernel, loader, onReady } = this.#parts;
    const { group, movedKvBytes, droppedKvBytes } = residency;
    residency.state = "loading";
    residency.loadingSinceSeconds = kernel.now;
    residency.movedKvBytes = 0;
    residency.droppedKvBytes = 0;
    group.update(residency.share, (share) => {
      share.kvBytes += movedKvBytes + droppedKvBytes;
    });
    const goOn = () => {
      residency.startDelaySeconds = this.#recomputeSeconds(residency);
      this.#becomeReady(residency, "resumed");
      onReady(residency);
    };
    if (movedKvBytes > 0) loader.moveKv(movedKvBytes, group, "in", goOn);
    else goOn();
  }

  /** Makes the KV caches of a held model go where the configuration says; `onGone` is called once their memory is free. */
  clearKv(residency: Residency, onGone: () => void): void {
    const { loader, settings } = this.#parts;
    const { share, group, instance, model } = residency;
    const bytes = share.kvBytes;
    if (settings.preemption === "keep" || bytes === 0) {
      onGone();
      return;
    }
    const free = () => {
      group.update(share, (each) => {
        each.kvBytes -= bytes;
      });
      onGone();
    };
    if (settings.preemption === "move") {
      residency.movedKvBytes = bytes;
      loader.moveKv(bytes, group, "out", free);
      return;
    }
    const context = instance.engine.turnTaker?.unfinishedContext();
    residency.droppedTokens = context?.tokens ?? 0;
    residency.droppedRequests = context?.requests ?? 0;
    residency.droppedKvBytes = bytes;
    model.redoneTokens += residency.droppedTokens;
    free();
  }

  /** A group of the same server that has the model. */
  #neighbour({ model, group }: Residency): ProcessorGroup | undefined {
    const other = model.residencies.find(
      (each) => each.group !== group && each.state === "ready" && each.group.server === group.server,
    );
    return other?.group;
  }

  #after(seconds: number, action: () => void): void {
    if (seconds === 0) action();
    else this.#parts.kernel.after(seconds, this.#runDelayed, this.#delayed.push(action) - 1);
  }
}
