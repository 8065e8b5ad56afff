/** A doubly linked list of rows over two shared columns: each row is in at most one list that uses the columns. */

export class LinkedRows {
  /** First and last row; -1 if the list is empty. */
  head = -1;
  tail = -1;
  length = 0;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  constructor(next: Int32Array, previous: Int32Array) {
    this.#next = next;
    this.#previous = previous;
  }

  next(row: number): number {
    return this.#next[row];
  }

  previous(row: number): number {
    return this.#previous[row];
  }

  append(row: number): void {
    this.insertAfter(this.tail, row);
  }

  /** Inserts `row` after `place`, or as the first row if `place` is -1. */
  insertAfter(place: number, row: number): void {
    const following = place < 0 ? this.head : this.#next[place];
    this.#previous[row] = place;
    this.#next[row] = following;
    if (place < 0) this.head = row;
    else this.#next[place] = row;
    if (following < 0) this.tail = row;
    else this.#previous[following] = row;
    this.length++;
  }

  remove(row: number): void {
    const before = this.#previous[row];
    const after = this.#next[row];
    if (before < 0) this.head = after;
    else this.#next[before] = after;
    if (after < 0) this.tail = before;
    else this.#previous[after] = before;
    this.length--;
  }
}
