import { ByteMemory } from "../../src/sim/memory/byte-memory.ts";

export interface MemoryObservation<Result> {
  readonly result: Result;
  /** Changes after which weights <= used <= capacity did not hold, as text. */
  readonly violations: readonly string[];
  /** Bytes in use at the end beside the weights, of every memory that was used at all. */
  readonly leftBytes: readonly number[];
}

/** Runs `action` and looks at every byte memory after each of its changes. */
export function observeMemory<Result>(weightBytes: number, action: () => Result): MemoryObservation<Result> {
  const violations: string[] = [];
  const memories = new Set<ByteMemory>();
  const originals = { allocate: ByteMemory.prototype.allocate, release: ByteMemory.prototype.release };
  for (const name of ["allocate", "release"] as const) {
    ByteMemory.prototype[name] = function (this: ByteMemory, bytes: number): void {
      originals[name].call(this, bytes);
      memories.add(this);
      if (bytes >= 0 && weightBytes <= this.usedBytes && this.usedBytes <= this.capacityBytes) return;
      violations.push(`${name} ${bytes}: ${this.usedBytes} of ${this.capacityBytes}, weights ${weightBytes}`);
    };
  }
  try {
    const result = action();
    return { result, violations, leftBytes: [...memories].map(({ usedBytes }) => usedBytes - weightBytes) };
  } finally {
    Object.assign(ByteMemory.prototype, originals);
  }
}
