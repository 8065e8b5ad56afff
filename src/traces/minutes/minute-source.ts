/** Where requests per minute come from: named series of them, such as a table's columns or the functions of a service. */

/** Requests in consecutive minutes, from `firstMinute` on. The array is only lent. */
export type VisitSeries = (name: string, firstMinute: number, requests: ArrayLike<number>) => void;

export interface MinuteSource {
  /** For messages. */
  readonly title: string;
  /** What its series are called in messages. */
  readonly series: string;
  readonly minutes: number;
  /** The same series may come several times: all its requests count. Errors: TraceError for a malformed file. */
  scan(visit: VisitSeries): void;
}

/** The largest mean number of requests in a minute. */
export const LARGEST_MINUTE = 1e9;

/** A list of numbers is a single series without a name. */
export function listSource(requestsPerMinute: readonly number[]): MinuteSource {
  return {
    title: "requests_per_minute",
    series: "list",
    minutes: requestsPerMinute.length,
    scan: (visit) => visit("", 0, requestsPerMinute),
  };
}
