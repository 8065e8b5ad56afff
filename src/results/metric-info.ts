/** What is known of a metric besides its values. */

/** Which way is an improvement; `neither` where a difference says nothing about that. */
export type BetterDirection = "lower" | "higher" | "neither";

export interface MetricInfo {
  readonly name: string;
  readonly unit: string;
  readonly doc: string;
  readonly better: BetterDirection;
}
