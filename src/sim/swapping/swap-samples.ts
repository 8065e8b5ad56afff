/** What groups of processors hold and links move, at equal intervals of simulated time. Only looks: events are what they would be. */
import { ConfigError } from "../../errors.ts";
import type { WeightLoader } from "./links/weight-loader.ts";
import type { ProcessorGroup } from "./processor-group.ts";

/** Bounds the memory that a configuration can ask for: up to 40 bytes each. */
const LARGEST_ROWS = 10_000_000;

/** Rows are ordered by time, then by group or link: as many for each time as there are. */
export interface SwapSampleColumns {
  readonly intervalSeconds: number;
  readonly times: number;
  /** Of groups. */
  readonly committedBytes: readonly number[];
  readonly readyModels: readonly number[];
  readonly loadingModels: readonly number[];
  /** Unfinished requests that were given to the group's instances. */
  readonly requests: readonly number[];
  /** Tasks of these that wait for a batch, and requests that wait for a model which is on its way to the group. */
  readonly waiting: readonly number[];
  /** Of links: share of the time since the last sample with something moving, and bytes moved in it. */
  readonly busyShares: readonly number[];
  readonly movedBytes: readonly number[];
}

export class SwapSamples implements SwapSampleColumns {
  readonly intervalSeconds: number;
  times = 0;
  readonly committedBytes: number[] = [];
  readonly readyModels: number[] = [];
  readonly loadingModels: number[] = [];
  readonly requests: number[] = [];
  readonly waiting: number[] = [];
  readonly busyShares: number[] = [];
  readonly movedBytes: number[] = [];
  readonly #groups: readonly ProcessorGroup[];
  readonly #loader: WeightLoader;
  /** By link, up to the last sample. */
  readonly #busySeconds: Float64Array;
  #movedBytes: Float64Array;

  constructor(intervalSeconds: number, groups: readonly ProcessorGroup[], loader: WeightLoader) {
    this.intervalSeconds = intervalSeconds;
    this.#groups = groups;
    this.#loader = loader;
    this.#busySeconds = new Float64Array(loader.links.length);
    this.#movedBytes = new Float64Array(loader.links.length);
  }

  /** O(links + models on the groups). Errors: ConfigError if there are too many samples. */
  take(): void {
    if (this.committedBytes.length + this.movedBytes.length >= LARGEST_ROWS) throw this.#tooMany();
    for (const group of this.#groups) this.#addGroup(group);
    this.#addLinks(this.times * this.intervalSeconds);
    this.times++;
  }

  #addGroup({ present, committedBytes }: ProcessorGroup): void {
    let [ready, loading, requests, waiting] = [0, 0, 0, 0];
    for (const { state, instance, model } of present) {
      if (state === "ready") ready++;
      else if (state === "loading") {
        loading++;
        waiting += model.application.unplacedRequests;
      }
      requests += instance.engine.pendingRequests;
      waiting += instance.engine.pendingTasks;
    }
    this.committedBytes.push(committedBytes);
    this.readyModels.push(ready);
    this.loadingModels.push(loading);
    this.requests.push(requests);
    this.waiting.push(waiting);
  }

  #addLinks(seconds: number): void {
    const moved = this.#loader.movedBytesBy(seconds);
    this.#loader.links.forEach((link, index) => {
      const busySeconds = link.busySeconds + (link.moving > 0 ? seconds - link.busySinceSeconds : 0);
      const share = (busySeconds - this.#busySeconds[index]) / this.intervalSeconds;
      // Sums of the same numbers in another order may differ in their last digit.
      this.busyShares.push(Math.min(1, Math.max(0, share)));
      this.movedBytes.push(Math.max(0, moved[index] - this.#movedBytes[index]));
      this.#busySeconds[index] = busySeconds;
    });
    this.#movedBytes = moved;
  }

  #tooMany(): ConfigError {
    return new ConfigError(
      "too_many_samples",
      `The run has more than ${LARGEST_ROWS} samples of processors and links.`,
      {
        path: "results.sample_interval",
        hint: `${this.times} samples of ${this.#groups.length} groups and ${this.#loader.links.length} links cover ${this.times * this.intervalSeconds} s: raise the interval.`,
      },
    );
  }
}
