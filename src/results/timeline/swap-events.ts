/** Trace events of swapping. */
import type { SwapRecord } from "../../sim/recorder.ts";
import { microseconds, span } from "./event-times.ts";
import type { SwapRow } from "./swap-rows.ts";
import type { SwapThreads } from "./swap-threads.ts";
import type { TraceEvent } from "./trace-events.ts";

export const GIGABYTE = 1e9;

const INSTANT_NAMES: Readonly<Record<string, string>> = {
  evict: "evicted",
  held: "held",
  resumed: "resumed",
};

export class SwapEvents {
  readonly #models: SwapRecord["models"];
  readonly #threads: SwapThreads;

  constructor({ models }: SwapRecord, threads: SwapThreads) {
    this.#models = models;
    this.#threads = threads;
  }

  eventOf(shown: SwapRow): TraceEvent {
    switch (shown.kind) {
      case "load": {
        const { group, model, tier, isPrefetch, startSeconds, endSeconds } = shown.row;
        const { name, loadedBytes, loads } = this.#models[model];
        const args = { from: tier, prefetch: isPrefetch ? "yes" : "no", gigabytes: loadedBytes / loads / GIGABYTE };
        const { pid, tid } = this.#threads.ofLoad(group, shown.lane);
        return { ph: "X", cat: "loads", name, pid, tid, ...span(startSeconds, endSeconds), args };
      }
      case "moved": {
        const { link, model, content, startSeconds, endSeconds, bytes } = shown.row;
        const { name } = this.#models[model];
        const gigabytes = bytes / GIGABYTE;
        const args = { content, gigabytes, gigabytes_per_second: gigabytes / (endSeconds - startSeconds) };
        const { pid, tid } = this.#threads.ofLink(link, shown.lane);
        return { ph: "X", cat: "links", name, pid, tid, ...span(startSeconds, endSeconds), args };
      }
      case "instant": {
        const { event, model, group, seconds } = shown.row;
        const name = `${INSTANT_NAMES[event]}: ${this.#models[model].name}`;
        const { pid, tid } = this.#threads.ofLoad(group, 0);
        return { ph: "i", s: "t", cat: "loads", name, pid, tid, ts: microseconds(seconds) };
      }
      case "rate": {
        const { link, seconds, bytesPerSecond } = shown.row;
        const { pid, tid, name } = this.#threads.ofLink(link, 0);
        const args = { gigabytes_per_second: bytesPerSecond / GIGABYTE };
        return { ph: "C", name: `${name} rate`, pid, tid, ts: microseconds(seconds), args };
      }
      case "committed": {
        const { group, seconds, bytes } = shown.row;
        const { pid, tid, name } = this.#threads.ofGroup(group);
        return { ph: "C", name: `${name} committed memory`, pid, tid, ts: microseconds(seconds), args: { bytes } };
      }
    }
  }
}
