/** Times of passes read from a profile: they depend on the tokens of a pass, and on whether any of them is prefill. */
import { SimulationError } from "../../../errors.ts";
import { floorDivide } from "../floor-divide.ts";
import type { BatchShape, IterationTimes } from "../performance-model.ts";
import type { Profile, ProfileCurve } from "./profile.ts";

/** Larger passes search their interval each time. */
const TABULATED_TOKENS = 65_536;

export class ProfileIterationTimes implements IterationTimes {
  readonly #prefill: CurveTimes;
  readonly #decode: CurveTimes;

  /** `passOverheadSeconds` is added to every pass. */
  constructor({ prefill, decode }: Profile, passOverheadSeconds: number) {
    this.#prefill = new CurveTimes("no_cuda_profile", prefill, passOverheadSeconds);
    this.#decode = new CurveTimes("cuda_profile", decode, passOverheadSeconds);
  }

  stretchSeconds(batch: BatchShape, iterations: number): number {
    return this.#passSeconds(batch) * iterations;
  }

  iterationsWithin(batch: BatchShape, elapsedSeconds: number): number {
    return floorDivide(elapsedSeconds, this.#passSeconds(batch));
  }

  #passSeconds({ prefills, promptTokens, decodes }: BatchShape): number {
    return (prefills > 0 ? this.#prefill : this.#decode).seconds(promptTokens + decodes);
  }
}

class CurveTimes {
  readonly #name: string;
  readonly #curve: ProfileCurve;
  readonly #overheadSeconds: number;
  /** By tokens; 0 if not looked up yet. */
  readonly #known: Float64Array;

  constructor(name: string, curve: ProfileCurve, overheadSeconds: number) {
    this.#name = name;
    this.#curve = curve;
    this.#overheadSeconds = overheadSeconds;
    this.#known = new Float64Array(Math.min(curve.limitTokens, TABULATED_TOKENS) + 1);
  }

  seconds(tokens: number): number {
    const known = this.#known;
    if (tokens >= known.length) return this.#lookUp(tokens);
    if (known[tokens] === 0) known[tokens] = this.#lookUp(tokens);
    return known[tokens];
  }

  #lookUp(tokens: number): number {
    const { intervals, limitTokens } = this.#curve;
    const interval = intervals.find(({ startTokens, endTokens }) => startTokens <= tokens && tokens <= endTokens);
    if (interval === undefined || tokens <= 0) {
      throw new SimulationError(
        `E_PROFILE_RANGE: the profile's ${this.#name} has no time for a pass of ${tokens} tokens; ` +
          `its intervals reach up to ${Math.max(limitTokens, ...intervals.map(({ endTokens }) => endTokens))}.`,
        Number.NaN,
        { hint: "Lower max_num_batched_tokens and max_num_seqs, or measure larger passes." },
      );
    }
    const seconds = interval.slopeSeconds * tokens + interval.interceptSeconds;
    if (seconds > 0) return seconds + this.#overheadSeconds;
    throw new SimulationError(
      `The profile's ${this.#name} gives ${seconds} s for a pass of ${tokens} tokens.`,
      Number.NaN,
      {
        hint: "Times of passes must be positive: correct the profile.",
      },
    );
  }
}
