/** An instance: one replica of a model on its processors, with memory for weights and KV caches, and an engine. */
import type { Engine } from "../engine/engine.ts";
import type { Memory } from "../memory/memory.ts";
import type { Processor } from "./server.ts";

export interface InstanceIdentity {
  /** Index among all instances of the run. */
  readonly index: number;
  /** Number within its application, in order of creation. */
  readonly id: number;
  readonly applicationId: number;
  readonly processor: Processor;
  readonly tag: string | null;
  /** Network bandwidth of its processors, each way, if the hardware repository says. */
  readonly networkBytesPerSecond?: number | undefined;
}

/** Hears when the load of an instance changes, so that nobody has to look at all instances to find the least loaded. */
export interface LoadListener {
  requestsChanged(instance: Instance): void;
  tokensChanged(instance: Instance): void;
  bytesChanged(instance: Instance): void;
}

export class Instance {
  readonly index: number;
  readonly id: number;
  readonly applicationId: number;
  readonly processor: Processor;
  readonly tag: string | null;
  readonly networkBytesPerSecond: number | undefined;
  readonly memory: Memory;
  /** Requests whose KV cache is here. */
  allocations = 0;
  engine!: Engine;
  loadListener: LoadListener | undefined = undefined;
  /** Where a scheduler's pool keeps it. */
  poolSlot = -1;
  #pendingTokens = 0;
  #committedBytes: number;
  readonly #heldBytes: Float64Array;

  /** `heldBytes` is the column of all requests' KV-cache bytes. */
  constructor(identity: InstanceIdentity, memory: Memory, heldBytes: Float64Array) {
    this.index = identity.index;
    this.id = identity.id;
    this.applicationId = identity.applicationId;
    this.processor = identity.processor;
    this.tag = identity.tag;
    this.networkBytesPerSecond = identity.networkBytesPerSecond;
    this.memory = memory;
    this.#committedBytes = memory.usedBytes;
    this.#heldBytes = heldBytes;
  }

  /** Load that schedulers have sent here and that is not finished: prompt tokens, and one token per decode. */
  get pendingTokens(): number {
    return this.#pendingTokens;
  }

  set pendingTokens(tokens: number) {
    this.#pendingTokens = tokens;
    if (this.loadListener !== undefined) this.loadListener.tokensChanged(this);
  }

  /** Memory that schedulers have promised: the weights, and the KV caches of requests on their way here. */
  get committedBytes(): number {
    return this.#committedBytes;
  }

  set committedBytes(bytes: number) {
    this.#committedBytes = bytes;
    if (this.loadListener !== undefined) this.loadListener.bytesChanged(this);
  }

  /** The engine has more or fewer unfinished requests. */
  requestsChanged(): void {
    if (this.loadListener !== undefined) this.loadListener.requestsChanged(this);
  }

  /** Name in logs and results, e.g. `h100-80gb_0`. */
  get label(): string {
    return `${this.processor.name}_${this.id}`;
  }

  /** Charges KV-cache bytes to a request here. */
  hold(request: number, bytes: number): void {
    if (this.#heldBytes[request] === 0) this.allocations++;
    this.memory.allocate(bytes);
    this.#heldBytes[request] += bytes;
  }

  /** Frees all that a request holds here, at its end. */
  release(request: number): void {
    this.handOver(request);
    this.#heldBytes[request] = 0;
  }

  /** Makes room for a KV cache that is about to arrive. */
  receive(bytes: number): void {
    this.memory.allocate(bytes);
    this.allocations++;
  }

  /** Frees what a request held here; its KV cache goes on elsewhere. */
  handOver(request: number): void {
    this.memory.release(this.#heldBytes[request]);
    this.committedBytes -= this.#heldBytes[request];
    this.allocations--;
  }
}
