/** Arrivals of one application from its mean requests in each minute: three ways, all Poisson within a minute. */
import { minuteClock } from "../arrivals/clock.ts";
import { SecondsColumn } from "../arrivals/seconds-column.ts";

const MINUTE_SECONDS = 60;

/** What the arrivals are drawn with: unit exponentials, and numbers uniform in [0, 1). */
export interface MinuteDraws {
  exponential(): number;
  uniform(): number;
}

/** Ascending seconds from the start of the first minute. */
type MinuteArrivals = (requestsPerMinute: Float64Array, draws: MinuteDraws) => Float64Array;

export const minuteArrivals = {
  /** Gaps run on from minute to minute, faster or slower: an inhomogeneous Poisson process that wastes no draw. */
  carry: (minutes, draws) => {
    const clock = minuteClock(minutes);
    const total = sum(minutes);
    const column = columnFor(total);
    for (let arrived = draws.exponential(); arrived < total; arrived += draws.exponential()) {
      column.push(clock.secondsAt(arrived));
    }
    return column.column();
  },

  /** Each minute begins anew; the gap that crosses its end is dropped, and a minute without requests draws nothing. */
  restart: (minutes, draws) => {
    const column = columnFor(sum(minutes));
    for (let minute = 0; minute < minutes.length; minute++) {
      if (minutes[minute] === 0) continue;
      const meanGap = MINUTE_SECONDS / minutes[minute];
      for (
        let seconds = meanGap * draws.exponential();
        seconds < MINUTE_SECONDS;
        seconds += meanGap * draws.exponential()
      ) {
        column.push(MINUTE_SECONDS * minute + seconds);
      }
    }
    return column.column();
  },

  /**
   * As many requests as the minute says, each at any time of it: a Poisson process, given the counts. Fractions are carried
   * to the next minutes, from a random start: a count is within 1 of its mean, and so is the sum of any minutes in a row.
   */
  exact_count: (minutes, draws) => {
    const column = columnFor(sum(minutes));
    let carried = draws.uniform();
    for (let minute = 0; minute < minutes.length; minute++) {
      let count = Math.floor(minutes[minute]);
      carried += minutes[minute] - count;
      if (carried >= 1) {
        count++;
        carried--;
      }
      const start = column.count;
      for (let i = 0; i < count; i++) column.push(MINUTE_SECONDS * (minute + draws.uniform()));
      column.sortFrom(start);
    }
    return column.column();
  },
} as const satisfies Record<string, MinuteArrivals>;

/** Room for four standard deviations more than the mean. */
function columnFor(expected: number): SecondsColumn {
  return new SecondsColumn(expected + 4 * Math.sqrt(expected));
}

export function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
