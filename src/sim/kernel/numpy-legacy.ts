/** NumPy's legacy generator (`numpy.random.seed` and `numpy.random.choice`), as SplitwiseSim's random scheduler draws. */
import { mersenne } from "pure-rand/generator/mersenne";
import { ConfigError } from "../../errors.ts";

const LARGEST_SEED = 2 ** 32 - 1;

/** MT19937, its state filled by init_genrand (Matsumoto and Nishimura 2002). */
export class NumpyLegacyRandom {
  readonly #words: { next(): number };

  /** Errors: ConfigError unless `seed` is an integer from 0 to 2^32 - 1, as NumPy demands. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
      throw new ConfigError(
        "numpy_seed",
        `NumPy's legacy generator cannot take the seed ${seed}: expected an integer from 0 to ${LARGEST_SEED}.`,
        { hint: "Set compat.numpy_seed, which takes the place of seed there." },
      );
    }
    this.#words = mersenne(seed);
  }

  /** The index that `choice` takes among `count` items (1 to 2^32), by masked rejection; one item draws nothing. */
  choice(count: number): number {
    const largest = count - 1;
    if (largest === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(largest);
    let draw = (this.#words.next() & mask) >>> 0;
    while (draw > largest) draw = (this.#words.next() & mask) >>> 0;
    return draw;
  }
}
