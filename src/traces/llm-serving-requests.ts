/**
 * Requests as LLM-Serving-Simulator draws them (Boreas618/LLM-Queuing-Simulator at commit 909bd27), had it seeded its
 * generator first: NumPy's legacy one. Its lognormal lengths come from another generator and are not here.
 */
import { NumpyLegacyRandom } from "../sim/kernel/numpy-legacy.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { plainTrace } from "./plain-trace.ts";

/** Gaps that its constructor draws and throws away before those of a recorded trace: its default number of requests. */
const DISCARDED_GAPS = 10_000;
const OUTPUT_PER_PROMPT = 1.1;

export interface LlmServingRequests {
  readonly seed: number;
  /** Mean requests per second. */
  readonly rate: number;
}

/** Poisson arrivals for the lengths of a recorded trace. */
export function withLlmServingArrivals(recorded: Trace, { seed, rate }: LlmServingRequests): Trace {
  const random = new NumpyLegacyRandom(seed);
  for (let i = 0; i < DISCARDED_GAPS; i++) random.exponential();
  return { ...recorded, arrivalSeconds: arrivals(random, rate, recorded.count) };
}

/** Zipf-distributed prompts, and outputs a tenth longer; longer ones than `maxTokens` are interpolated away. */
export function zipfRequests({
  seed,
  rate,
  count,
  exponent,
  maxTokens,
}: LlmServingRequests & { readonly count: number; readonly exponent: number; readonly maxTokens: number }): Trace {
  const random = new NumpyLegacyRandom(seed);
  const arrivalSeconds = arrivals(random, rate, count);
  const prompts = Array.from({ length: count }, () => random.zipf(exponent));
  const outputs = prompts.map((tokens) => Math.floor(OUTPUT_PER_PROMPT * tokens));
  return plainTrace({
    arrivalSeconds,
    promptTokens: Int32Array.from(interpolated(prompts, maxTokens)),
    outputTokens: Int32Array.from(interpolated(outputs, maxTokens)),
    source: "llm_serving",
  });
}

function arrivals(random: NumpyLegacyRandom, rate: number, count: number): Float64Array {
  const scale = 1 / rate;
  let seconds = 0;
  return Float64Array.from({ length: count }, () => {
    seconds += scale * random.exponential();
    return seconds;
  });
}

/** Lengths above `most` become values between their neighbours, by position; at the ends, the nearest one. */
export function interpolated(lengths: readonly number[], most: number): number[] {
  const kept = lengths.flatMap((length, index) => (length <= most ? [index] : []));
  if (kept.length === 0) return lengths.map(() => most);
  let next = 0;
  return lengths.map((length, index) => {
    while (next < kept.length && kept[next] < index) next++;
    if (length <= most) return length;
    const [before, after] = [kept[next - 1], kept[next]];
    if (before === undefined) return lengths[after];
    if (after === undefined) return lengths[before];
    const share = (index - before) / (after - before);
    return lengths[before] + (lengths[after] - lengths[before]) * share;
  });
}
