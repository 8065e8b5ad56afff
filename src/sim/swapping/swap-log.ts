/** What happened to weights, in order: for files and timelines. */

/** `held` and `resumed`: pre-empted, and back at work. */
export type SwapEvent = "load" | "ready" | "evict" | "held" | "resumed";

export interface SwapLogRow {
  readonly seconds: number;
  readonly event: SwapEvent;
  readonly model: number;
  readonly group: number;
  /** Of a load: where from, and whether anybody waited for it. */
  readonly tier?: string;
  readonly isPrefetch?: boolean;
}
