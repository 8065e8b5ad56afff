/** CPython's `random.Random(seed)`: MT19937 with its state filled from an array, and doubles of 53 bits. */

const WORDS = 624;
const MIDDLE = 397;

export class PythonRandom {
  readonly #state = new Uint32Array(WORDS);
  #next = WORDS;

  /** `seed`: an integer; its sign does not matter, as in CPython. */
  constructor(seed: number) {
    this.#fill(keyOf(BigInt(Math.abs(seed))));
  }

  /** Uniform in [0, 1). */
  double(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** init_by_array of Matsumoto and Nishimura (2002). */
  #fill(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < WORDS; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    let i = 1;
    let j = 0;
    const advance = () => {
      i++;
      if (i < WORDS) return;
      state[0] = state[WORDS - 1];
      i = 1;
    };
    for (let k = Math.max(WORDS, key.length); k > 0; k--) {
      state[i] = (state[i] ^ Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), 1664525)) + key[j] + j;
      j = (j + 1) % key.length;
      advance();
    }
    for (let k = WORDS - 1; k > 0; k--) {
      state[i] = (state[i] ^ Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), 1566083941)) - i;
      advance();
    }
    state[0] = 0x80000000;
  }

  #word(): number {
    if (this.#next === WORDS) this.#twist();
    let word = this.#state[this.#next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < WORDS; i++) {
      const mixed = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff);
      state[i] = state[(i + MIDDLE) % WORDS] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}

/** The seed in words of 32 bits, the lowest first. */
function keyOf(seed: bigint): number[] {
  const words: number[] = [];
  for (let rest = seed; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length === 0 ? [0] : words;
}
