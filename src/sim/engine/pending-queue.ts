/**
 * The queue of waiting tasks of one instance: an array in blocks, so that inserting and removing anywhere move at most a
 * block of tasks. With thousands of tasks waiting (five instances at eight times their capacity) one flat array made runs
 * 1.6 times slower.
 */

import { invariant } from "../../errors.ts";

const BLOCK_TASKS = 256;
const NO_BLOCK = new Int32Array(0);
/** In place of a block's id, for a task that is about to be removed. */
const LEAVING = -1;

export class PendingQueue {
  length = 0;
  /** By task, the id of the block that holds it; the column is shared by all queues, as a task waits in one of them. */
  readonly #blockOf: Int32Array;
  /** By block id: its tasks, and how many they are. Ids of emptied blocks are used again. */
  readonly #blocks: Int32Array[] = [];
  readonly #sizes: number[] = [];
  readonly #unused: number[] = [];
  /** By block id, while tasks are removed: how many. */
  readonly #leaving: number[] = [];
  /** Ids of the blocks in queue order, and the queue index at which each one starts. */
  readonly #order: number[] = [];
  readonly #starts: number[] = [];
  /** The block that `at` found last and the indices that it holds: bisections end with many looks into one block. */
  #foundStart = 0;
  #foundEnd = 0;
  #foundBlock: Int32Array = NO_BLOCK;

  constructor(blockOf: Int32Array) {
    this.#blockOf = blockOf;
  }

  at(index: number): number {
    if (index < this.#foundStart || index >= this.#foundEnd) this.#find(index);
    return this.#foundBlock[index - this.#foundStart];
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

  /** Removes the first `count` of `tasks`, each block in one sweep. */
  removeAll(tasks: Int32Array, count: number): void {
    const blockOf = this.#blockOf;
    for (let index = 0; index < count; index++) {
      const id = blockOf[tasks[index]];
      invariant(id !== LEAVING, "a task leaves the queue twice");
      blockOf[tasks[index]] = LEAVING;
      this.#leaving[id]++;
    }
    let position = 0;
    let start = 0;
    for (const id of this.#order) {
      if (this.#leaving[id] > 0) this.#sweep(id);
      if (this.#sizes[id] === 0) {
        this.#unused.push(id);
        continue;
      }
      this.#order[position] = id;
      this.#starts[position++] = start;
      start += this.#sizes[id];
    }
    this.#order.length = position;
    this.#starts.length = position;
    this.#foundEnd = 0;
    invariant(start === this.length - count, "a task that leaves the queue is not in it");
    this.length = start;
  }

  #sweep(id: number): void {
    const block = this.#blocks[id];
    const size = this.#sizes[id];
    let kept = 0;
    for (let place = 0; place < size; place++) {
      const task = block[place];
      if (this.#blockOf[task] !== LEAVING) block[kept++] = task;
    }
    this.#sizes[id] = kept;
    this.#leaving[id] = 0;
  }

  #find(index: number): void {
    const position = this.#order.length === 1 ? 0 : this.#positionOf(index);
    const id = this.#order[position];
    this.#foundBlock = this.#blocks[id];
    this.#foundStart = this.#starts[position];
    this.#foundEnd = this.#foundStart + this.#sizes[id];
  }

  /** Keeps the first block: most queues never need a second one. */
  clear(): void {
    while (this.#order.length > 1) {
      this.#unused.push(this.#order.pop() as number);
      this.#starts.pop();
    }
    if (this.#order.length === 1) this.#sizes[this.#order[0]] = 0;
    this.#foundEnd = 0;
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
    this.#foundEnd = 0;
    for (let later = position + 1; later < this.#starts.length; later++) this.#starts[later] += change;
  }

  #addBlock(position: number, start: number): number {
    const id = this.#unused.pop() ?? this.#blocks.push(new Int32Array(BLOCK_TASKS)) - 1;
    this.#sizes[id] = 0;
    this.#leaving[id] = 0;
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
