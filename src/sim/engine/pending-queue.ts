/**
 * The queue of waiting tasks of one instance: an array in blocks, so that inserting and removing anywhere move at most a
 * block of tasks. With thousands of tasks waiting (five instances at eight times their capacity) one flat array made runs
 * 1.6 times slower.
 */

import { invariant } from "../../errors.ts";

const BLOCK_TASKS = 256;

export class PendingQueue {
  length = 0;
  /** By task, the id of the block that holds it; the column is shared by all queues, as a task waits in one of them. */
  readonly #blockOf: Int32Array;
  /** By block id: its tasks, and how many they are. Ids of emptied blocks are used again. */
  readonly #blocks: Int32Array[] = [];
  readonly #sizes: number[] = [];
  readonly #unused: number[] = [];
  /** Ids of the blocks in queue order, and the queue index at which each one starts. */
  readonly #order: number[] = [];
  readonly #starts: number[] = [];

  constructor(blockOf: Int32Array) {
    this.#blockOf = blockOf;
  }

  at(index: number): number {
    if (this.#order.length === 1) return this.#blocks[this.#order[0]][index];
    const position = this.#positionOf(index);
    return this.#blocks[this.#order[position]][index - this.#starts[position]];
  }

  append(task: number): void {
    this.insert(this.length, task);
  }

  /** Inserts before the task at `index`. */
  insert(index: number, task: number): void {
    if (this.#order.length === 0) this.#addBlock(0, 0);
    let position = this.#order.length === 1 ? 0 : this.#positionOf(index);
    if (this.#sizes[this.#order[position]] === BLOCK_TASKS) {
      this.#split(position);
      position = this.#positionOf(index);
    }
    const id = this.#order[position];
    const block = this.#blocks[id];
    const place = index - this.#starts[position];
    if (place < this.#sizes[id]) block.copyWithin(place + 1, place, this.#sizes[id]);
    block[place] = task;
    this.#blockOf[task] = id;
    this.#resize(position, 1);
  }

  remove(task: number): void {
    const id = this.#blockOf[task];
    const block = this.#blocks[id];
    const size = this.#sizes[id];
    let place = 0;
    while (place < size && block[place] !== task) place++;
    invariant(place < size, "a task that leaves the queue is not in it");
    block.copyWithin(place, place + 1, size);
    const position = this.#order.length === 1 ? 0 : this.#order.indexOf(id);
    this.#resize(position, -1);
    if (size > 1 || this.#order.length === 1) return;
    this.#order.splice(position, 1);
    this.#starts.splice(position, 1);
    this.#unused.push(id);
  }

  /** Keeps the first block: most queues never need a second one. */
  clear(): void {
    while (this.#order.length > 1) {
      this.#unused.push(this.#order.pop() as number);
      this.#starts.pop();
    }
    if (this.#order.length === 1) this.#sizes[this.#order[0]] = 0;
    this.length = 0;
  }

  /** Position in `#order` of the block with the task at `index`; the last block for the index after the last task. */
  #positionOf(index: number): number {
    let low = 0;
    let high = this.#order.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #resize(position: number, change: number): void {
    this.#sizes[this.#order[position]] += change;
    this.length += change;
    for (let later = position + 1; later < this.#starts.length; later++) this.#starts[later] += change;
  }

  #addBlock(position: number, start: number): number {
    const id = this.#unused.pop() ?? this.#blocks.push(new Int32Array(BLOCK_TASKS)) - 1;
    this.#sizes[id] = 0;
    this.#order.splice(position, 0, id);
    this.#starts.splice(position, 0, start);
    return id;
  }

  /** Moves the second half of a full block to a new one behind it. */
  #split(position: number): void {
    const half = BLOCK_TASKS >> 1;
    const from = this.#order[position];
    const to = this.#addBlock(position + 1, this.#starts[position] + half);
    const moved = this.#blocks[from].subarray(half);
    this.#blocks[to].set(moved);
    for (const task of moved) this.#blockOf[task] = to;
    this.#sizes[from] = half;
    this.#sizes[to] = BLOCK_TASKS - half;
  }
}
