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
  /** By request. */
  readonly arrivalSeconds: Float64Array;
  readonly promptTokens: Int32Array;
  /** Seconds that a group has computed so far. */
  readonly computedSeconds: (group: ProcessorGroup) => number;
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

  /** The model's weights set out for a group that has room for them, once those who left for it are unloaded. */
  load(residency: Residency, isPrefetch: boolean): void {
    const { kernel, loader, startInstance, computedSeconds } = this.#parts;
    const { model, group } = residency;
    const emptyAtSeconds = group.emptyAtSeconds(residency.missingBytes);
    if (residency.instance === undefined) startInstance(residency);
    group.present.add(residency);
    residency.state = "loading";
    residency.isUnusedPrefetch = isPrefetch;
    residency.loadingSinceSeconds = kernel.now;
    residency.lastUseSeconds = kernel.now;
    const { movedKvBytes, droppedKvBytes, travellingKvBytes } = residency;
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
    this.#at(emptyAtSeconds, () => {
      let computedBefore = 0;
      residency.load = loader.load({
        model: model.index,
        bytes: model.weightBytes,
        group,
        neighbour: this.#neighbour(residency),
        isPrefetch: residency.isUnusedPrefetch,
        onFirstByte: (tier) => {
          this.log.push({
            seconds: kernel.now,
            event: "load",
            model: model.index,
            group: group.index,
            tier,
            isPrefetch,
            decidedSeconds: residency.loadingSinceSeconds,
          });
        },
        onArriving: () => {
          residency.arrivingSinceSeconds = kernel.now;
          computedBefore = computedSeconds(group);
        },
        onLoaded: () => {
          residency.arrivedSeconds = kernel.now;
          residency.computedMeanwhileSeconds = computedSeconds(group) - computedBefore;
          arrived();
        },
      });
      if (movedKvBytes > 0) loader.moveKv(model.index, travellingKvBytes, group, "in", arrived);
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
    this.#at(kernel.now + attach + graph_capture, () => this.#ready(residency));
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
    residency.hiddenSeconds = settings.layer_pipelining ? this.#hiddenSeconds(residency) : 0;
    this.#becomeReady(residency, "ready");
    onReady(residency);
  }

  /**
   * Of the first iteration, what was computed at most while layers were still arriving (PipeSwitch, Bai et al., OSDI 2020):
   * all but one layer's part of the load, while the processors had nothing else to do, and of each request no more than
   * fits between its arrival and that of the last layer.
   */
  #hiddenSeconds(residency: Residency): number {
    const { model, arrivingSinceSeconds, arrivedSeconds, computedMeanwhileSeconds } = residency;
    const loadSeconds = arrivedSeconds - arrivingSinceSeconds;
    const most = Math.min(loadSeconds - computedMeanwhileSeconds, (loadSeconds * (model.layers - 1)) / model.layers);
    // A batch that goes on has been waiting all the time.
    return residency.isBusy ? most : Math.min(most, this.#hiddenSecondsOfWaiting(residency));
  }

  /** Requests are computed in the order of their arrival, each by its share of the prompt tokens. */
  #hiddenSecondsOfWaiting(residency: Residency): number {
    const { arrivalSeconds, promptTokens } = this.#parts;
    const rows = residency.model.application.unplaced;
    if (rows.length === 0) return 0;
    const tokens = rows.reduce((sum, row) => sum + promptTokens[row], 0);
    const seconds = this.#prefillSeconds(residency, rows.length, tokens);
    let least = Number.POSITIVE_INFINITY;
    let tokensBefore = 0;
    for (const row of rows) {
      const present = Math.max(0, residency.arrivedSeconds - arrivalSeconds[row]);
      least = Math.min(least, present + (seconds * tokensBefore) / tokens);
      tokensBefore += promptTokens[row];
    }
    return least;
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
    return this.#prefillSeconds(residency, requests, tokens);
  }

  /** Seconds of one pass over so many tokens in equal parts. */
  #prefillSeconds(residency: Residency, requests: number, tokens: number): number {
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
    const { kernel, settings } = this.#parts;
    const { model, group } = residency;
    const { unload } = settings.overheads;
    if (unload > 0) group.unload(residency.leavingBytes, kernel.now + unload);
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
    const { model, group, movedKvBytes, droppedKvBytes, travellingKvBytes } = residency;
    const emptyAtSeconds = group.emptyAtSeconds(residency.missingBytes);
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
    this.#at(emptyAtSeconds, () => {
      if (movedKvBytes > 0) loader.moveKv(model.index, travellingKvBytes, group, "in", goOn);
      else goOn();
    });
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
    const { requests = 0, tokens = 0 } = instance.engine.turnTaker?.unfinishedContext() ?? {};
    if (settings.preemption === "move") {
      // Memory that is only promised stays behind.
      residency.movedKvBytes = bytes;
      residency.travellingKvBytes = Math.min(bytes, tokens * model.application.kvBytesPerToken);
      loader.moveKv(model.index, residency.travellingKvBytes, group, "out", free);
      return;
    }
    residency.droppedTokens = tokens;
    residency.droppedRequests = requests;
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

  #at(seconds: number, action: () => void): void {
    const { kernel } = this.#parts;
    if (seconds === kernel.now) action();
    else kernel.at(seconds, this.#runDelayed, this.#delayed.push(action) - 1);
  }
}
