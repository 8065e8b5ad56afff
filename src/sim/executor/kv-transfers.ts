/**
 * Moves KV caches from the instance of the prefill to that of the decode. The destination's memory decides when a transfer
 * may start, the links how long it takes.
 */
import { gigabytes } from "../checks.ts";
import type { Instance } from "../cluster/instance.ts";
import type { EventKind, Kernel } from "../kernel/kernel.ts";
import type { KvLinks, KvLinksContext } from "../kv-links/kv-links.ts";
import type { Requests } from "../workload/requests.ts";
import { decodeTask, type TaskTable } from "../workload/task-table.ts";

/**
 * When a transfer that found no memory is tried again: as soon as its destination frees some, in order of arrival, or
 * every second (SplitwiseSim), in which case later transfers may pass.
 */
export type TransferRetry = "on_release" | "every_second";

const RETRY_SECONDS = 1;

export interface KvTransfersParts {
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly instances: readonly Instance[];
  readonly kvBytesPerToken: number;
  readonly transferBytesPerSecond: number;
  readonly createLinks: (context: KvLinksContext) => KvLinks;
  readonly remainingBytes: (bytes: number, prefillSeconds: number) => number;
  /** The destination reserves room for the tokens of the decode, too. */
  readonly reservesDecode: boolean;
  readonly retriesEverySecond: boolean;
  /** The KV cache has arrived and the source is free of it. */
  readonly onTransferred: (request: number) => void;
}

export class KvTransfers {
  readonly #kernel: Kernel;
  readonly #requests: Requests;
  readonly #tasks: TaskTable;
  readonly #instances: readonly Instance[];
  readonly #kvBytesPerToken: number;
  readonly #retriesEverySecond: boolean;
  readonly #reservesDecode: boolean;
  readonly #remainingBytes: KvTransfersParts["remainingBytes"];
  readonly #onTransferred: (request: number) => void;
  readonly #arrive: EventKind;
  readonly #links: KvLinks;
  /** Transfers that wait for memory, by index of their destination, in order of arrival. */
  readonly #waiting: (number[] | undefined)[] = [];

  constructor(parts: KvTransfersParts) {
    this.#kernel = parts.kernel;
    this.#requests = parts.requests;
    this.#tasks = parts.tasks;
    this.#instances = parts.instances;
    this.#kvBytesPerToken = parts.kvBytesPerToken;
    this.#retriesEverySecond = parts.retriesEverySecond;
    this.#reservesDecode = parts.reservesDecode;
    this.#remainingBytes = parts.remainingBytes;
    this.#onTransferred = parts.onTransferred;
    this.#arrive = parts.kernel.on((request) => this.arrive(request));
    this.#links = parts.createLinks({
      kernel: parts.kernel,
      transferBytesPerSecond: parts.transferBytesPerSecond,
      onArrived: (request) => this.#finish(request),
    });
  }

  addInstance(instance: Instance): void {
    this.#links.addInstance(instance);
  }

  /** The transfer reaches its link: it starts if the destination has room, or is not known yet. */
  arrive(request: number): void {
    const destination = this.#destination(request);
    if (destination === undefined) {
      this.#start(request, undefined);
      return;
    }
    const queue = this.#waiting[destination.index];
    if ((queue === undefined || queue.length === 0) && this.#hasRoom(destination, request)) {
      this.#start(request, destination);
    } else if (this.#retriesEverySecond) {
      this.#kernel.after(RETRY_SECONDS, this.#arrive, request);
    } else if (queue === undefined) this.#waiting[destination.index] = [request];
    else queue.push(request);
  }

  /** Memory of an instance was released. */
  retry(instance: Instance): void {
    const queue = this.#waiting[instance.index];
    while (queue !== undefined && queue.length > 0 && this.#hasRoom(instance, queue[0])) {
      this.#start(queue.shift() as number, instance);
    }
  }

  /** Why transfers cannot start although nothing else happens, as a sentence; undefined if none waits. */
  stall(): string | undefined {
    const requests = this.#waiting.flatMap((queue) => queue ?? []);
    if (requests.length === 0) return undefined;
    const request = requests.reduce((first, other) => Math.min(first, other));
    const destination = this.#destination(request) as Instance;
    const source = this.#instances[this.#requests.outcomes.prefillInstance[request]];
    const { capacityBytes, usedBytes } = destination.memory;
    return (
      `${requests.length} requests wait for KV-cache transfers to instances that never have room for them: request ` +
      `${this.#requests.trace.requestId[request]} on ${source.label} needs ` +
      `${gigabytes(this.#neededBytes(request))} on ${destination.label}, which has ` +
      `${gigabytes(capacityBytes - usedBytes)} free and the rest held by requests that wait as well.`
    );
  }

  #start(request: number, destination: Instance | undefined): void {
    const requests = this.#requests;
    requests.outcomes.transferStartSeconds[request] = this.#kernel.now;
    const bytes = this.#neededBytes(request);
    if (bytes > 0) destination?.receive(bytes);
    // The prompt's KV cache travels; room for what the decode adds is only reserved.
    const promptTokens = requests.promptTokens[request] * requests.trace.batchSize[request];
    const source = this.#instances[requests.outcomes.prefillInstance[request]];
    const { prefillStartSeconds, prefillEndSeconds } = requests.outcomes;
    const prefillSeconds = prefillEndSeconds[request] - prefillStartSeconds[request];
    const remaining = this.#remainingBytes(promptTokens * this.#kvBytesPerToken, prefillSeconds);
    this.#links.transfer(request, remaining, source, destination);
  }

  #finish(request: number): void {
    const requests = this.#requests;
    requests.transferred(request, this.#kernel.now);
    const source = this.#instances[requests.outcomes.prefillInstance[request]];
    if (requests.heldBytes[request] > 0) source.handOver(request);
    if (this.#reservesDecode) {
      requests.heldBytes[request] += this.#tasks.bytes[decodeTask(request)];
      this.#tasks.bytes[decodeTask(request)] = 0;
    }
    this.#onTransferred(request);
    source.engine.transferEnded(request);
    this.retry(source);
  }

  /** Engines that keep account of KV caches themselves need none here, and may have promised more than they have. */
  #hasRoom(destination: Instance, request: number): boolean {
    const bytes = this.#neededBytes(request);
    return bytes === 0 || destination.memory.fits(bytes);
  }

  /** Bytes that must be free at the destination. */
  #neededBytes(request: number): number {
    const heldBytes = this.#requests.heldBytes[request];
    return this.#reservesDecode ? heldBytes + this.#tasks.bytes[decodeTask(request)] : heldBytes;
  }

  /** Undefined if the scheduler has not bound it yet. */
  #destination(request: number): Instance | undefined {
    return this.#instances[this.#requests.outcomes.decodeInstance[request]];
  }
}
