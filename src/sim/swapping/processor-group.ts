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
  /** `a100-80gb 0`, or `a100-80gb 0-3`: its processors within the server. */
  readonly name: string;
  /** Models with weights or KV caches here, or on their way to here. */
  readonly present = new Set<Residency>();
  readonly #now: () => number;
  #committedBytes = 0;
  #committedByteSeconds = 0;
  #changedSeconds = 0;
  /** In the order in which they end. */
  #unloads: { readonly bytes: number; readonly untilSeconds: number }[] = [];
  /** Called when memory has become free: what waits in other instances may fit now. */
  onFreed: () => void = () => {};
  /** Called with what is committed after a change; set by whoever wants to see that. */
  onCommitted: ((seconds: number, bytes: number) => void) | undefined;

  constructor({ index, server, firstProcessor, processors, workspaceBytes, now }: ProcessorGroupParts) {
    this.index = index;
    this.server = server;
    this.processors = processors;
    this.firstProcessor = firstProcessor;
    this.#now = now;
    const last = firstProcessor + processors.length - 1;
    this.name = `${processors[0].name} ${firstProcessor}${last > firstProcessor ? `-${last}` : ""}`;
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
    this.onCommitted?.(now, this.#committedBytes);
  }

  /** Committed bytes, summed over time so far. */
  get committedByteSeconds(): number {
    return this.#committedByteSeconds + this.#committedBytes * (this.#now() - this.#changedSeconds);
  }

  get freeBytes(): number {
    return this.capacityBytes - this.committedBytes;
  }

  /** What was there of a model that left is unloaded until then; loads must not write there before. */
  unload(bytes: number, untilSeconds: number): void {
    this.#unloads.push({ bytes, untilSeconds });
  }

  /** When so many bytes are free and nothing is unloaded from them any more; now, if they are. */
  emptyAtSeconds(bytes: number): number {
    const now = this.#now();
    this.#unloads = this.#unloads.filter(({ untilSeconds }) => untilSeconds > now);
    let emptyBytes = this.freeBytes - this.#unloads.reduce((sum, unload) => sum + unload.bytes, 0);
    let seconds = now;
    for (const unload of this.#unloads) {
      if (emptyBytes >= bytes) break;
      emptyBytes += unload.bytes;
      seconds = unload.untilSeconds;
    }
    return seconds;
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

  get ownBytes(): number {
    return this.#share.weightBytes + this.#share.kvBytes;
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
