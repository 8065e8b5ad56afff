/** Memory counted in bytes: no blocks, no fragmentation (ORCA and Splitwise instances). */
import type { Memory } from "./memory.ts";

export class ByteMemory implements Memory {
  readonly capacityBytes: number;
  usedBytes: number;

  constructor(capacityBytes: number, weightsBytes: number) {
    this.capacityBytes = capacityBytes;
    this.usedBytes = weightsBytes;
  }

  fits(bytes: number): boolean {
    return this.usedBytes + bytes <= this.capacityBytes;
  }

  allocate(bytes: number): void {
    this.usedBytes += bytes;
  }

  release(bytes: number): void {
    this.usedBytes -= bytes;
  }
}
