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
import type { Admission } from "./admission.ts";

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
  readonly admission: Admission;
  readonly retry: TransferRetry;
  /** The KV cache has arrived and the source is free of it. */
  readonly onTransferred: (request: number) => void;
}

export class KvTransfers {
  readonly #parts: KvTransfersParts;
  readonly #arrive: EventKind;
  readonly #links: KvLinks;
  /** Transfers that wait for memory, by destination, in order of arrival. */
  readonly #waiting = new Map<Instance, number[]>();

  constructor(parts: KvTransfersParts) {
    this.#parts = parts;
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

  /** The transfer reaches its link: it starts if the destination has room. */
  arrive(request: number): void {
    const destination = this.#destination(request);
    const queue = this.#waiting.get(destination);
    if ((queue === undefined || queue.length === 0) && destination.memory.fits(this.#neededBytes(request))) {
      this.#start(request, destination);
    } else if (this.#parts.retry === "every_second") {
      this.#parts.kernel.after(RETRY_SECONDS, this.#arrive, request);
    } else if (queue === undefined) this.#waiting.set(destination, [request]);
    else queue.push(request);
  }

  /** Memory of an instance was released. */
  retry(instance: Instance): void {
    const queue = this.#waiting.get(instance);
    while (queue !== undefined && queue.length > 0 && instance.memory.fits(this.#neededBytes(queue[0]))) {
      this.#start(queue.shift() as number, instance);
    }
  }

  /** Why transfers cannot start although nothing else happens, as a sentence; undefined if none waits. */
  stall(): string | undefined {
    let count = 0;
    for (const queue of this.#waiting.values()) count += queue.length;
    for (const [destination, [request]] of this.#waiting) {
      if (request === undefined) continue;
      const { requests, instances } = this.#parts;
      const { capacityBytes, usedBytes } = destination.memory;
      return (
        `${count} requests wait for KV-cache transfers to instances that never have room for them: request ` +
        `${requests.trace.requestId[request]} on ${instances[requests.outcomes.prefillInstance[request]].label} needs ` +
        `${gigabytes(this.#neededBytes(request))} on ${destination.label}, which has ` +
        `${gigabytes(capacityBytes - usedBytes)} free and the rest held by requests that wait as well.`
      );
    }
    return undefined;
  }

  #start(request: number, destination: Instance): void {
    const { kernel, requests, instances, kvBytesPerToken } = this.#parts;
    requests.outcomes.transferStartSeconds[request] = kernel.now;
    destination.receive(this.#neededBytes(request));
    // The prompt's KV cache travels; room for what the decode adds is only reserved.
    const promptTokens = requests.promptTokens[request] * requests.trace.batchSize[request];
    const source = instances[requests.outcomes.prefillInstance[request]];
    this.#links.transfer(request, promptTokens * kvBytesPerToken, source, destination);
  }

  #finish(request: number): void {
    const { kernel, requests, tasks, instances, admission, onTransferred } = this.#parts;
    requests.outcomes.transferEndSeconds[request] = kernel.now;
    const source = instances[requests.outcomes.prefillInstance[request]];
    source.handOver(request);
    if (admission === "request") {
      requests.heldBytes[request] += tasks.bytes[decodeTask(request)];
      tasks.bytes[decodeTask(request)] = 0;
    }
    onTransferred(request);
    source.engine.transferEnded();
    this.retry(source);
  }

  /** Bytes that must be free at the destination. */
  #neededBytes(request: number): number {
    const { requests, tasks, admission } = this.#parts;
    const heldBytes = requests.heldBytes[request];
    return admission === "request" ? heldBytes + tasks.bytes[decodeTask(request)] : heldBytes;
  }

  #destination(request: number): Instance {
    return this.#parts.instances[this.#parts.requests.outcomes.decodeInstance[request]];
  }
}
