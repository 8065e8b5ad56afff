/** The queue of waiting tasks of one instance, as an array with room at both ends. */

export class PendingQueue {
  #tasks = new Int32Array(64);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  at(index: number): number {
    return this.#tasks[this.#start + index];
  }

  append(task: number): void {
    this.insert(this.length, task);
  }

  /** Inserts before the task at `index`. Costs O(length) at worst, as one block move. */
  insert(index: number, task: number): void {
    if (this.#end === this.#tasks.length) this.#makeRoom();
    const place = this.#start + index;
    if (place < this.#end) this.#tasks.copyWithin(place + 1, place, this.#end);
    this.#tasks[place] = task;
    this.#end++;
  }

  /**
   * Removes the `count` tasks for which `states[task]` is one of the two given states, keeping the order of the others.
   * Stops as soon as it has found them all, which is near the front: tasks are mostly taken from there.
   */
  removeInState(states: Uint8Array, first: number, second: number, count: number): void {
    if (count === this.length) {
      this.#start = 0;
      this.#end = 0;
      return;
    }
    const tasks = this.#tasks;
    let from = this.#start;
    let to = from;
    let left = count;
    while (left > 0 && from < this.#end) {
      const task = tasks[from++];
      const state = states[task];
      if (state === first || state === second) left--;
      else tasks[to++] = task;
    }
    // The scanned survivors move up to the untouched rest: they are few.
    const survivors = to - this.#start;
    const start = from - survivors;
    if (start !== this.#start) tasks.copyWithin(start, this.#start, to);
    this.#start = start;
  }

  #makeRoom(): void {
    const length = this.length;
    if (2 * length <= this.#tasks.length) {
      this.#tasks.copyWithin(0, this.#start, this.#end);
    } else {
      const tasks = new Int32Array(2 * this.#tasks.length);
      tasks.set(this.#tasks.subarray(this.#start, this.#end));
      this.#tasks = tasks;
    }
    this.#start = 0;
    this.#end = length;
  }
}
