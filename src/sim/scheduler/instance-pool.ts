/** Instances in the order in which they joined, and the least loaded of them: the first one among equals. */
import type { Instance, LoadListener } from "../cluster/instance.ts";
import { LeastSlot } from "./least-slot.ts";

const FEWEST_SLOTS = 32;

/** Slots are in the order of joining; who leaves leaves a hole until the slots run out. An instance is in one pool. */
export class InstancePool implements LoadListener {
  length = 0;
  /** By slot, up to the last one taken. */
  #instances: (Instance | undefined)[] = [];
  #requests = new LeastSlot(FEWEST_SLOTS);
  #tokens = new LeastSlot(FEWEST_SLOTS);
  #bytes = new LeastSlot(FEWEST_SLOTS);

  get first(): Instance | undefined {
    return this.#instances.find((instance) => instance !== undefined);
  }

  /** The instance with the fewest unfinished requests; undefined if the pool is empty. */
  leastPendingRequests(): Instance | undefined {
    return this.#at(this.#requests.least());
  }

  /** With the fewest prompt tokens and decodes that schedulers sent there and that are not finished. */
  leastPendingTokens(): Instance | undefined {
    return this.#at(this.#tokens.least());
  }

  /** With the least memory promised to requests there or on their way. */
  leastCommittedBytes(): Instance | undefined {
    return this.#at(this.#bytes.least());
  }

  push(instance: Instance): void {
    if (this.#instances.length === this.#tokens.slots) this.#makeRoom();
    this.length++;
    this.#put(instance, this.#instances.push(instance) - 1);
  }

  remove(instance: Instance): void {
    const slot = instance.poolSlot;
    instance.loadListener = undefined;
    this.#instances[slot] = undefined;
    this.length--;
    for (const keys of [this.#requests, this.#tokens, this.#bytes]) keys.set(slot, Number.POSITIVE_INFINITY);
  }

  has(instance: Instance): boolean {
    return instance.loadListener === this;
  }

  requestsChanged({ poolSlot, engine }: Instance): void {
    this.#requests.set(poolSlot, engine.pendingRequests);
  }

  tokensChanged({ poolSlot, pendingTokens }: Instance): void {
    this.#tokens.set(poolSlot, pendingTokens);
  }

  bytesChanged({ poolSlot, committedBytes }: Instance): void {
    this.#bytes.set(poolSlot, committedBytes);
  }

  #at(slot: number): Instance | undefined {
    return slot < 0 ? undefined : this.#instances[slot];
  }

  #put(instance: Instance, slot: number): void {
    instance.poolSlot = slot;
    instance.loadListener = this;
    this.requestsChanged(instance);
    this.tokensChanged(instance);
    this.bytesChanged(instance);
  }

  /** Closes the holes, in order, and leaves at least as many free slots as there are instances. */
  #makeRoom(): void {
    const instances = this.#instances.filter((instance) => instance !== undefined);
    const slots = Math.max(FEWEST_SLOTS, 2 * instances.length);
    this.#requests = new LeastSlot(slots);
    this.#tokens = new LeastSlot(slots);
    this.#bytes = new LeastSlot(slots);
    this.#instances = instances;
    instances.forEach((instance, slot) => {
      this.#put(instance, slot);
    });
  }
}
