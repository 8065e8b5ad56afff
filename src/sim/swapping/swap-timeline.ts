/** What links moved and what memory was committed when, recorded only for `sweep timeline`. Nothing of a run depends on it. */
import type { TimelineBounds } from "../timeline/timeline.ts";
import type { Link } from "./links/link.ts";
import type { Shipment } from "./links/transfers.ts";
import type { ProcessorGroup } from "./processor-group.ts";

/** A stretch of time in which a shipment moved over a link; one that gives way to others moves in several. */
export interface MovedRow {
  readonly link: number;
  readonly model: number;
  readonly content: "weights" | "kv_cache";
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly bytes: number;
}

export interface CommittedRow {
  readonly seconds: number;
  readonly group: number;
  readonly bytes: number;
}

/** From `seconds` on. */
export interface RateRow {
  readonly seconds: number;
  readonly link: number;
  readonly bytesPerSecond: number;
}

export interface ShownGroup {
  readonly name: string;
  readonly serverId: number;
  readonly skuName: string;
}

export interface ShownLink {
  readonly name: string;
  /** Undefined for what all servers share. */
  readonly serverId: number | undefined;
}

export interface SwapTimelineColumns {
  readonly groups: readonly ShownGroup[];
  readonly links: readonly ShownLink[];
  /** In the order in which they ended. */
  readonly moved: readonly MovedRow[];
  /** In order of time: a row for every change of a group's memory, and one per group where the window begins. */
  readonly committed: readonly CommittedRow[];
  /** In order of time: a row for every change of a link's rate, and one per link where the window begins. */
  readonly rates: readonly RateRow[];
  /** Rows of any kind within the window that were more than asked for; they are later than those that are here. */
  readonly leftOut: number;
}

export class SwapTimeline implements SwapTimelineColumns {
  readonly groups: readonly ShownGroup[];
  readonly links: readonly ShownLink[];
  readonly moved: MovedRow[] = [];
  readonly committed: CommittedRow[];
  readonly rates: RateRow[];
  leftOut = 0;
  /** By link: its last row in `rates`. */
  readonly #lastRate: number[];
  readonly #bounds: TimelineBounds;
  readonly #numbers: ReadonlyMap<Link, number>;

  constructor(bounds: TimelineBounds, groups: readonly ProcessorGroup[], links: readonly Link[]) {
    this.#bounds = bounds;
    this.groups = groups.map(({ name, server }) => ({ name, serverId: server.id, skuName: server.skuName }));
    this.links = links.map(({ name, serverId }) => ({ name, serverId }));
    this.#numbers = new Map(links.map((link, index) => [link, index]));
    this.rates = links.map((_, link) => ({ seconds: bounds.fromSeconds, link, bytesPerSecond: 0 }));
    this.#lastRate = links.map((_, link) => link);
    this.committed = groups.map((_, group) => ({ seconds: bounds.fromSeconds, group, bytes: 0 }));
  }

  /** The shipment has moved so many bytes since `startSeconds`, and stops. */
  addMoved({ links, model, content }: Shipment, startSeconds: number, endSeconds: number, bytes: number): void {
    const { fromSeconds, untilSeconds } = this.#bounds;
    if (endSeconds <= fromSeconds || startSeconds >= untilSeconds) return;
    for (const link of links) {
      if (!this.#hasRoom()) continue;
      const number = this.#numbers.get(link) as number;
      this.moved.push({ link: number, model, content, startSeconds, endSeconds, bytes });
    }
  }

  addCommitted(group: number, seconds: number, bytes: number): void {
    const { fromSeconds, untilSeconds } = this.#bounds;
    if (seconds >= untilSeconds) return;
    if (seconds <= fromSeconds) this.committed[group] = { seconds: fromSeconds, group, bytes };
    else {
      const last = this.committed.at(-1);
      if (this.leftOut === 0 && last?.group === group && last.seconds === seconds) this.committed.pop();
      if (this.#hasRoom()) this.committed.push({ seconds, group, bytes });
    }
  }

  /** Of several rates at one time the last one counts. */
  addRate(port: Link, seconds: number, bytesPerSecond: number): void {
    const { fromSeconds, untilSeconds } = this.#bounds;
    if (seconds >= untilSeconds) return;
    const link = this.#numbers.get(port) as number;
    const last = this.#lastRate[link];
    if (this.rates[last].bytesPerSecond === bytesPerSecond) return;
    const at = Math.max(seconds, fromSeconds);
    if (at === this.rates[last].seconds) this.rates[last] = { seconds: at, link, bytesPerSecond };
    else if (this.#hasRoom()) this.#lastRate[link] = this.rates.push({ seconds: at, link, bytesPerSecond }) - 1;
  }

  #hasRoom(): boolean {
    // Once a row was left out, no later one is kept.
    if (this.leftOut === 0 && this.#rows < this.#bounds.mostSlices) return true;
    this.leftOut++;
    return false;
  }

  get #rows(): number {
    return this.moved.length + this.committed.length + this.rates.length - this.links.length;
  }
}
