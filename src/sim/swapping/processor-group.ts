/** Processors that run models together, and the ledger of their memory: weights and KV caches of all models on them. */
import type { Processor, Server } from "../cluster/server.ts";
import type { Memory } from "../memory/memory.ts";
import type { Residency } from "./served-model.ts";

/** What one model has of a group's memory. */
export interface MemoryShare {
  weightBytes: number;
  kvBytes: number;
  /** KV caches that are promised to the model while its weights are here, used or not: its longest request always fits. */
  reservedKvBytes: number;
}

export interface ProcessorGroupParts {
  readonly index: number;
  readonly server: Server;
  readonly processors: readonly Processor[];
  readonly firstProcessor: number;
  /** Bytes of each processor that neither weights nor KV caches may use. */
  readonly workspaceBytes: number;
  readonly now: () => number;
}

/** Invariant: committed <= capacity. Bytes are whole numbers, so that sums are exact. */
export class ProcessorGroup {
  readonly index: number;
  readonly server: Server;
  readonly processors: readonly Processor[];
  /** Number of its first processor within the server. */
  readonly firstProcessor: number;
  readonly capacityBytes: number;
  /** Models with weights or KV caches here, or on their way to here. */
  readonly present = new Set<Residency>();
  readonly #now: () => number;
  #committedBytes = 0;
  #committedByteSeconds = 0;
  #changedSeconds = 0;
  /** Called when memory has become free: what waits in other instances may fit now. */
  onFreed: () => void = () => {};

  constructor({ index, server, firstProcessor, processors, workspaceBytes, now }: ProcessorGroupParts) {
    this.index = index;
    this.server = server;
    this.processors = processors;
    this.firstProcessor = firstProcessor;
    this.#now = now;
    const bytes = processors.reduce((sum, { memoryBytes }) => sum + memoryBytes - workspaceBytes, 0);
    this.capacityBytes = Math.floor(bytes);
  }

  /** Of all models together. */
  get committedBytes(): number {
    return this.#committedBytes;
  }

  /** Commits more bytes, or fewer. */
  commit(moreBytes: number): void {
    const now = this.#now();
    this.#committedByteSeconds += this.#committedBytes * (now - this.#changedSeconds);
    this.#changedSeconds = now;
    this.#committedBytes += moreBytes;
  }

  /** Committed bytes, summed over time so far. */
  get committedByteSeconds(): number {
    return this.#committedByteSeconds + this.#committedBytes * (this.#now() - this.#changedSeconds);
  }

  get freeBytes(): number {
    return this.capacityBytes - this.committedBytes;
  }

  /** Others hear of freed memory only after the action, which may take it. */
  quietly(action: () => void): void {
    const { onFreed } = this;
    const before = this.committedBytes;
    this.onFreed = () => {};
    action();
    this.onFreed = onFreed;
    if (this.committedBytes < before) this.onFreed();
  }

  /** Changes a model's share to what `change` makes of it. */
  update(share: MemoryShare, change: (share: MemoryShare) => void): void {
    const before = committed(share);
    change(share);
    this.commit(committed(share) - before);
    if (committed(share) < before) this.onFreed();
  }
}

function committed({ weightBytes, kvBytes, reservedKvBytes }: MemoryShare): number {
  return weightBytes + Math.max(kvBytes, reservedKvBytes);
}

/** The memory of one model's instance: what others have of its group counts as used. */
export class GroupMemory implements Memory {
  readonly #group: ProcessorGroup;
  readonly #share: MemoryShare;

  constructor(group: ProcessorGroup, share: MemoryShare) {
    this.#group = group;
    this.#share = share;
  }

  get capacityBytes(): number {
    return this.#group.capacityBytes;
  }

  get usedBytes(): number {
    const share = this.#share;
    return this.#group.committedBytes - committed(share) + share.weightBytes + share.kvBytes;
  }

  fits(bytes: number): boolean {
    return this.usedBytes + bytes <= this.capacityBytes;
  }

  allocate(bytes: number): void {
    this.#add(bytes);
  }

  release(bytes: number): void {
    this.#add(-bytes);
  }

  #add(bytes: number): void {
    const group = this.#group;
    const share = this.#share;
    const before = committed(share);
    share.kvBytes += bytes;
    const more = committed(share) - before;
    if (more !== 0) group.commit(more);
    if (more < 0) group.onFreed();
  }
}
