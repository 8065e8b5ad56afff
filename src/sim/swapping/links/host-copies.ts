/** Which models a server has a copy of in its DRAM and on its NVMe; the least recently loaded copies make room in DRAM. */

export class HostCopies {
  readonly #dramBytes: number;
  readonly #nvmeBytes: number;
  readonly #hasRemote: boolean;
  /** Bytes by model, least recently loaded first. */
  readonly #inDram = new Map<number, number>();
  readonly #onNvme = new Set<number>();
  #usedDramBytes = 0;
  #usedNvmeBytes = 0;

  constructor(dramBytes: number, nvmeBytes: number, hasRemote: boolean) {
    this.#dramBytes = dramBytes;
    this.#nvmeBytes = nvmeBytes;
    this.#hasRemote = hasRemote;
  }

  /** Puts a copy where there is room from the start: DRAM and NVMe. False if no tier holds the model. */
  place(model: number, bytes: number): boolean {
    if (this.#usedNvmeBytes + bytes <= this.#nvmeBytes) {
      this.#onNvme.add(model);
      this.#usedNvmeBytes += bytes;
    }
    if (this.#usedDramBytes + bytes <= this.#dramBytes) {
      this.#inDram.set(model, bytes);
      this.#usedDramBytes += bytes;
    }
    return this.tierOf(model) !== undefined;
  }

  /** The fastest tier that has the model. */
  tierOf(model: number): "dram" | "nvme" | "remote" | undefined {
    if (this.#inDram.has(model)) return "dram";
    if (this.#onNvme.has(model)) return "nvme";
    return this.#hasRemote ? "remote" : undefined;
  }

  /** The model was loaded: its copy stays in DRAM, where others that a slower tier has make room. */
  loaded(model: number, bytes: number): void {
    if (this.#inDram.delete(model)) {
      this.#inDram.set(model, bytes);
      return;
    }
    let missing = this.#usedDramBytes + bytes - this.#dramBytes;
    const leaving: number[] = [];
    for (const [other, otherBytes] of this.#inDram) {
      if (missing <= 0) break;
      if (!this.#onNvme.has(other) && !this.#hasRemote) continue;
      leaving.push(other);
      missing -= otherBytes;
    }
    // None leaves for a copy that would not fit all the same.
    if (missing > 0) return;
    for (const other of leaving) {
      this.#usedDramBytes -= this.#inDram.get(other) as number;
      this.#inDram.delete(other);
    }
    this.#inDram.set(model, bytes);
    this.#usedDramBytes += bytes;
  }
}
