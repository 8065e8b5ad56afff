/** From measured passes to the lines of a profile's curve. */
import type { ProfileLine } from "./profile-file.ts";

/** Passes of the same number of tokens. */
export interface CurvePoint {
  readonly tokens: number;
  readonly seconds: number;
  readonly measurements: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** Measured times of one number of tokens that lie further apart than this share of their mean are worth a warning. */
export const LARGEST_SPREAD = 0.1;

/** Which of several times of the same number of tokens counts; the original keeps the last. */
export type Aggregate = "mean" | "min" | "last";

/** By ascending tokens. */
export function curvePoints(
  measured: readonly { readonly tokens: number; readonly seconds: number }[],
  aggregate: Aggregate,
): CurvePoint[] {
  const byTokens = new Map<number, number[]>();
  for (const { tokens, seconds } of measured) {
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

/** Points whose times lie further apart than they should. */
export function unsteadyPoints(points: readonly CurvePoint[]): CurvePoint[] {
  return points.filter(({ seconds, minSeconds, maxSeconds }) => maxSeconds - minSeconds > LARGEST_SPREAD * seconds);
}

/**
 * A constant up to the first point, then straight lines from point to point; the last line ends at `upperLimit`, before or
 * beyond its point. Points must ascend; those after the first one at or beyond the limit are not used.
 */
export function curveIntervals(
  points: readonly Pick<CurvePoint, "tokens" | "seconds">[],
  upperLimit: number,
): Record<string, ProfileLine> {
  const beyond = points.findIndex(({ tokens }) => tokens >= upperLimit);
  const used = beyond < 0 ? points : points.slice(0, beyond + 1);
  const intervals: Record<string, ProfileLine> = {};
  used.forEach(({ tokens, seconds }, index) => {
    const end = index === used.length - 1 ? upperLimit : tokens;
    if (index === 0) {
      intervals[`(0, ${end})`] = { slope: 0, intercept: seconds };
      return;
    }
    const before = used[index - 1];
    const slope = (seconds - before.seconds) / (tokens - before.tokens);
    intervals[`(${before.tokens}, ${end})`] = { slope, intercept: seconds - slope * tokens };
  });
  return intervals;
}
