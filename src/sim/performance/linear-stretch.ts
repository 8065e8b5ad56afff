/** A stretch of iterations each of which takes a fixed time longer than the one before: decodes whose contexts grow. */
export class LinearStretch {
  #first = 0;
  #growth = 0;

  /** `first`: time of the first iteration, above 0; `growth`: by how much each is longer than the one before. */
  set(first: number, growth: number): void {
    this.#first = first;
    this.#growth = growth;
  }

  /** Time of the first `iterations` of them. */
  seconds(iterations: number): number {
    return iterations * this.#first + this.#growth * ((iterations * (iterations - 1)) / 2);
  }

  /** The most iterations that end within `elapsed`: the inverse of `seconds`, exact in its doubles. */
  within(elapsed: number): number {
    if (elapsed < this.#first) return 0;
    const half = this.#growth / 2;
    const linear = this.#first - half;
    const square = Math.sqrt(Math.max(0, linear * linear + 4 * half * elapsed));
    // Of the two forms of the root the one that does not cancel.
    const root = linear > 0 ? (2 * elapsed) / (linear + square) : (square - linear) / this.#growth;
    let count = Math.max(0, Math.floor(root));
    while (count > 0 && this.seconds(count) > elapsed) count--;
    while (this.seconds(count + 1) <= elapsed) count++;
    return count;
  }
}
