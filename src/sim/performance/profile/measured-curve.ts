/** From measured passes to a profile's curve. */
import type { ProfileCurve, ProfileInterval } from "./profile.ts";

export interface PassTime {
  readonly tokens: number;
  readonly seconds: number;
}

/** Passes of the same number of tokens. */
export interface CurvePoint extends PassTime {
  readonly measurements: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** Which of several times of the same number of tokens counts; the original keeps the last. */
export type Aggregate = "mean" | "min" | "last";

/** Times of one number of tokens that lie further apart than this share of them are worth a warning. */
const LARGEST_SPREAD = 0.1;

/** By ascending tokens. */
export function curvePoints(passes: readonly PassTime[], aggregate: Aggregate): CurvePoint[] {
  const byTokens = new Map<number, number[]>();
  for (const { tokens, seconds } of passes) {
    const times = byTokens.get(tokens);
    if (times === undefined) byTokens.set(tokens, [seconds]);
    else times.push(seconds);
  }
  return [...byTokens]
    .sort(([a], [b]) => a - b)
    .map(([tokens, times]) => {
      const minSeconds = times.reduce((least, time) => Math.min(least, time));
      const maxSeconds = times.reduce((most, time) => Math.max(most, time));
      const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
      const seconds = { mean, min: minSeconds, last: times[times.length - 1] }[aggregate];
      return { tokens, seconds, measurements: times.length, minSeconds, maxSeconds };
    });
}

export function unsteadyPoints(points: readonly CurvePoint[]): CurvePoint[] {
  return points.filter(({ seconds, minSeconds, maxSeconds }) => maxSeconds - minSeconds > LARGEST_SPREAD * seconds);
}

/**
 * A constant up to the first point, then straight lines from point to point; the last line ends at `limitTokens`, before or
 * beyond its point. Points ascend; those after the first one at or beyond the limit are not used.
 */
export function curveThrough(points: readonly PassTime[], limitTokens: number): ProfileCurve {
  const beyond = points.findIndex(({ tokens }) => tokens >= limitTokens);
  const used = beyond < 0 ? points : points.slice(0, beyond + 1);
  const intervals = used.map(({ tokens, seconds }, index): ProfileInterval => {
    const endTokens = index === used.length - 1 ? limitTokens : tokens;
    if (index === 0) return { startTokens: 0, endTokens, slopeSeconds: 0, interceptSeconds: seconds };
    const before = used[index - 1];
    const slopeSeconds = (seconds - before.seconds) / (tokens - before.tokens);
    return { startTokens: before.tokens, endTokens, slopeSeconds, interceptSeconds: seconds - slopeSeconds * tokens };
  });
  return { limitTokens, intervals };
}
