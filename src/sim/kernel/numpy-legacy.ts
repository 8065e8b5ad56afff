/** NumPy's legacy generator (`numpy.random.seed` and functions beside it), as SplitwiseSim and LLM-Serving-Simulator draw. */
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

  /** Uniform in [0, 1), of 53 bits. */
  double(): number {
    const high = this.#words.next() >>> 5;
    const low = this.#words.next() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Exponential of mean 1. The C library's logarithm may differ in the last bit. */
  exponential(): number {
    return -Math.log(1 - this.double());
  }

  /** Zipf of an exponent above 1, by rejection (Devroye, "Non-Uniform Random Variate Generation", 1986, section X.6.1). */
  zipf(exponent: number): number {
    const power = exponent - 1;
    const b = 2 ** power;
    for (;;) {
      const u = 1 - this.double();
      const v = this.double();
      const x = Math.floor(u ** (-1 / power));
      if (!(x >= 1 && x <= Number.MAX_SAFE_INTEGER)) continue;
      const t = (1 + 1 / x) ** power;
      if ((v * x * (t - 1)) / (b - 1) <= t / b) return x;
    }
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
