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
  /** Of a load: when it was decided; the event is its first byte, after those that had to go were unloaded. */
  readonly decidedSeconds?: number;
}
