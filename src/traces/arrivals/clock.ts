import { intervalOf } from "../../sim/kernel/distributions/empirical.ts";

const MINUTE_SECONDS = 60;

/** When how many requests have arrived on average: makes seconds of gaps, whose mean is 1. */
export interface Clock {
  /** Seconds at which so many arrived; infinite if so many never do. */
  secondsAt(arrived: number): number;
  /** Requests that arrive before so many seconds. */
  arrivedBy(seconds: number): number;
}

/** Requests arrive at `rate` per second for ever. */
export function steadyClock(rate: number): Clock {
  // One rounding per request makes seconds of gaps, and k / rate is exact.
  return { secondsAt: (arrived) => arrived / rate, arrivedBy: (seconds) => rate * seconds };
}

/** So many requests arrive in each minute, evenly, and none thereafter. Some minute must have some. */
export function minuteClock(requestsPerMinute: ArrayLike<number>): Clock {
  const arrived = [0];
  for (let minute = 0; minute < requestsPerMinute.length; minute++) {
    arrived.push(arrived[minute] + requestsPerMinute[minute]);
  }
  const total = arrived[arrived.length - 1];
  return {
    secondsAt: (count) => {
      if (count >= total) return Number.POSITIVE_INFINITY;
      const minute = intervalOf(arrived, count);
      return MINUTE_SECONDS * (minute + (count - arrived[minute]) / (arrived[minute + 1] - arrived[minute]));
    },
    arrivedBy: (seconds) => {
      const minute = Math.floor(seconds / MINUTE_SECONDS);
      if (minute >= requestsPerMinute.length) return total;
      return arrived[minute] + requestsPerMinute[minute] * (seconds / MINUTE_SECONDS - minute);
    },
  };
}
