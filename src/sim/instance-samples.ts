/** What all instances hold at equal intervals of simulated time. Nothing is scheduled for it: events are what they would be. */
import { ConfigError } from "../errors.ts";
import type { Instance } from "./cluster/instance.ts";
import type { Observer } from "./kernel/kernel.ts";
import type { SampleColumns } from "./recorder.ts";

/** Bounds the memory that a configuration can ask for: 24 bytes each. */
const LARGEST_ROWS = 20_000_000;

export class InstanceSamples implements SampleColumns {
  readonly intervalSeconds: number;
  times = 0;
  readonly instances: number[] = [];
  rows = 0;
  running = new Int32Array(1024);
  waiting = new Int32Array(1024);
  requests = new Int32Array(1024);
  batchTokens = new Int32Array(1024);
  memoryBytes = new Float64Array(1024);
  readonly #instances: readonly Instance[];

  /** `instances` may grow at any time, at its end. */
  constructor(intervalSeconds: number, instances: readonly Instance[]) {
    this.intervalSeconds = intervalSeconds;
    this.#instances = instances;
  }

  /** When the next sample is due. */
  get nextSeconds(): number {
    return this.times * this.intervalSeconds;
  }

  /** O(instances). Errors: ConfigError if there are too many samples. */
  take(): void {
    const instances = this.#instances;
    if (this.rows + this.times >= LARGEST_ROWS) throw this.#tooMany();
    if (this.rows + instances.length > this.running.length) this.#grow();
    for (const { engine, memory } of instances) {
      const row = this.rows++;
      this.running[row] = engine.batchSize;
      this.waiting[row] = engine.pendingTasks;
      this.requests[row] = engine.pendingRequests;
      this.batchTokens[row] = engine.batchTokens ?? -1;
      this.memoryBytes[row] = memory.ownBytes ?? memory.usedBytes;
    }
    this.instances.push(instances.length);
    this.times++;
  }

  #tooMany(): ConfigError {
    return new ConfigError("too_many_samples", `The run has more than ${LARGEST_ROWS} samples of instances.`, {
      path: "results.sample_interval",
      hint: `${this.times} samples of ${this.#instances.length} instances cover ${this.nextSeconds} s: raise the interval.`,
    });
  }

  #grow(): void {
    const rows = Math.max(2 * this.running.length, this.rows + this.#instances.length);
    const grown = <Column extends Int32Array | Float64Array>(column: Column, larger: Column): Column => {
      larger.set(column);
      return larger;
    };
    this.running = grown(this.running, new Int32Array(rows));
    this.waiting = grown(this.waiting, new Int32Array(rows));
    this.requests = grown(this.requests, new Int32Array(rows));
    this.batchTokens = grown(this.batchTokens, new Int32Array(rows));
    this.memoryBytes = grown(this.memoryBytes, new Float64Array(rows));
  }
}

/** An observer that also takes the samples of `others`, at the same times. */
export function takenTogether(samples: InstanceSamples, others: { take(): void } | undefined): Observer {
  if (others === undefined) return samples;
  return {
    get nextSeconds() {
      return samples.nextSeconds;
    },
    take() {
      others.take();
      samples.take();
    },
  };
}
