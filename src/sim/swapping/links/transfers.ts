/**
 * Weights and KV caches on their way over links. Three disciplines: `fair` shares every link max-min fairly; `fifo` lets a
 * transfer move alone over all its links, in the order in which transfers set out; `priority` is fair among those that
 * are waited for, and lets the others (prefetches) move only where none of these does.
 */
import { EVENT_RANK } from "../../kernel/event-ranks.ts";
import type { EventKind, Kernel, TimerId } from "../../kernel/kernel.ts";
import { type PortFlow, shareFairly } from "../../kv-links/max-min-rates.ts";
import type { Link } from "./link.ts";

export type LinkSharing = "fair" | "fifo" | "priority";

/** What moves over some links, all of them at once. */
export interface Shipment {
  /** What it is, for those who look on. */
  readonly model: number;
  readonly content: "weights" | "kv_cache";
  readonly bytes: number;
  readonly links: readonly Link[];
  /** Nobody waits for it. */
  readonly isPrefetch: boolean;
  /** Its first byte sets out. */
  readonly onMoving?: () => void;
  readonly onArrived: () => void;
}

/** Hears of every stretch of time in which a shipment moved, at its end. */
export type MovedListener = (shipment: Shipment, startSeconds: number, endSeconds: number, bytes: number) => void;

/** Hears of the rate of every link that may have changed. */
export type RateListener = (link: Link, bytesPerSecond: number) => void;

interface Transfer extends PortFlow {
  readonly ports: readonly Link[];
  readonly shipment: Shipment;
  isPrefetch: boolean;
  isMoving: boolean;
  hasMoved: boolean;
  /** Since when it moves, and what was left to move then. */
  movingSinceSeconds: number;
  movingBytes: number;
  /** At `sinceSeconds`, from which on `bytesPerSecond` is its rate. */
  leftBytes: number;
  sinceSeconds: number;
  bytesPerSecond: number;
  endSeconds: number;
}

export class Transfers {
  /** Set by whoever wants to see what moves when. */
  onMoved: MovedListener | undefined;
  onRate: RateListener | undefined;
  readonly #kernel: Kernel;
  readonly #sharing: LinkSharing;
  /** Bytes/s that no single transfer exceeds. */
  readonly #mostBytesPerSecond: number;
  /** In the order in which they set out. */
  readonly #transfers: Transfer[] = [];
  readonly #timer: TimerId;
  readonly #arriveEmpty: EventKind;
  readonly #empty: Shipment[] = [];

  constructor(kernel: Kernel, sharing: LinkSharing, mostBytesPerSecond = Number.POSITIVE_INFINITY) {
    this.#kernel = kernel;
    this.#sharing = sharing;
    this.#mostBytesPerSecond = mostBytesPerSecond;
    this.#timer = kernel.timer(
      kernel.on(() => this.#endNext(), EVENT_RANK.transferEnd),
      0,
    );
    this.#arriveEmpty = kernel.on(() => this.#empty.shift()?.onArrived());
  }

  /** Sets out now. Rates of others change with it; O(transfers under way + links^2) in this part of the network. */
  start(shipment: Shipment): void {
    const { bytes, links, isPrefetch } = shipment;
    if (bytes === 0 || links.length === 0) {
      shipment.onMoving?.();
      this.#empty.push(shipment);
      this.#kernel.at(this.#kernel.now, this.#arriveEmpty, 0);
      return;
    }
    this.#transfers.push({
      shipment,
      ports: links,
      isPrefetch,
      isMoving: false,
      hasMoved: false,
      movingSinceSeconds: this.#kernel.now,
      movingBytes: bytes,
      leftBytes: bytes,
      sinceSeconds: this.#kernel.now,
      bytesPerSecond: 0,
      fairBytesPerSecond: 0,
      endSeconds: Number.POSITIVE_INFINITY,
    });
    this.#share(links);
  }

  /** Somebody waits for a shipment now that was a prefetch. */
  hurry(shipment: Shipment): void {
    const transfer = this.#transfers.find((each) => each.shipment === shipment);
    if (transfer === undefined) return;
    transfer.isPrefetch = false;
    this.#share(transfer.ports);
  }

  /** Calls `add` with every transfer that moves, and its bytes since they were counted last. */
  moving(seconds: number, add: (links: readonly Link[], bytes: number) => void): void {
    for (const { isMoving, ports, leftBytes, bytesPerSecond, sinceSeconds } of this.#transfers) {
      if (isMoving) add(ports, Math.min(leftBytes, bytesPerSecond * (seconds - sinceSeconds)));
    }
  }

  #endNext(): void {
    const transfer = this.#nextToEnd() as Transfer;
    this.#settle(transfer);
    this.#stop(transfer);
    this.#transfers.splice(this.#transfers.indexOf(transfer), 1);
    this.#share(transfer.ports);
    transfer.shipment.onArrived();
  }

  #share(links: readonly Link[]): void {
    const { now } = this.#kernel;
    const touched = new Set<Link>(links);
    if (this.#sharing !== "fair") {
      for (const transfer of this.#transfers) {
        const may = this.#mayMove(transfer);
        if (may === transfer.isMoving) continue;
        if (may) this.#move(transfer);
        else {
          this.#settle(transfer);
          this.#stop(transfer);
          transfer.bytesPerSecond = 0;
          transfer.endSeconds = Number.POSITIVE_INFINITY;
        }
        for (const link of transfer.ports) touched.add(link);
      }
    } else for (const transfer of this.#transfers) if (!transfer.isMoving) this.#move(transfer);
    const sharing = shareFairly<Transfer>([...touched], this.#mostBytesPerSecond);
    for (const transfer of sharing) {
      const rate = transfer.fairBytesPerSecond;
      if (rate === transfer.bytesPerSecond) continue;
      this.#settle(transfer);
      transfer.bytesPerSecond = rate;
      transfer.endSeconds = now + transfer.leftBytes / rate;
    }
    const next = this.#nextToEnd();
    if (next === undefined) this.#kernel.cancel(this.#timer);
    else this.#kernel.arm(this.#timer, next.endSeconds);
    if (this.onRate === undefined) return;
    for (const { ports } of sharing) for (const link of ports) touched.add(link);
    const rates = new Map([...touched].map((link) => [link, 0]));
    for (const { ports, isMoving, bytesPerSecond } of this.#transfers) {
      if (!isMoving) continue;
      for (const link of ports) rates.set(link, (rates.get(link) ?? 0) + bytesPerSecond);
    }
    for (const link of touched) this.onRate(link, rates.get(link) ?? 0);
  }

  #mayMove(transfer: Transfer): boolean {
    if (this.#sharing === "priority" && !transfer.isPrefetch) return true;
    for (const other of this.#transfers) {
      if (other === transfer) {
        if (this.#sharing === "fifo") return true;
        continue;
      }
      const goesFirst = this.#sharing === "fifo" || !other.isPrefetch;
      if (goesFirst && other.ports.some((link) => transfer.ports.includes(link))) return false;
    }
    return true;
  }

  #move(transfer: Transfer): void {
    transfer.isMoving = true;
    transfer.sinceSeconds = this.#kernel.now;
    transfer.movingSinceSeconds = this.#kernel.now;
    transfer.movingBytes = transfer.leftBytes;
    for (const link of transfer.ports) {
      link.flows.push(transfer);
      if (link.moving++ === 0) link.busySinceSeconds = this.#kernel.now;
    }
    if (transfer.hasMoved) return;
    transfer.hasMoved = true;
    transfer.shipment.onMoving?.();
  }

  #stop(transfer: Transfer): void {
    transfer.isMoving = false;
    for (const link of transfer.ports) {
      link.flows.splice(link.flows.indexOf(transfer), 1);
      if (--link.moving === 0) link.busySeconds += this.#kernel.now - link.busySinceSeconds;
    }
    const { shipment, movingSinceSeconds, movingBytes, leftBytes } = transfer;
    this.onMoved?.(shipment, movingSinceSeconds, this.#kernel.now, movingBytes - leftBytes);
  }

  /** Counts what has moved since the rate changed last. A rounding may move more than there is. */
  #settle(transfer: Transfer): void {
    const { now } = this.#kernel;
    const bytes =
      transfer.endSeconds <= now ? transfer.leftBytes : transfer.bytesPerSecond * (now - transfer.sinceSeconds);
    const moved = Math.min(transfer.leftBytes, bytes);
    transfer.leftBytes -= moved;
    transfer.sinceSeconds = now;
    for (const link of transfer.ports) link.movedBytes += moved;
  }

  /** Of equals the one that set out first. */
  #nextToEnd(): Transfer | undefined {
    let next: Transfer | undefined;
    for (const transfer of this.#transfers) {
      if (transfer.isMoving && (next === undefined || transfer.endSeconds < next.endSeconds)) next = transfer;
    }
    return next;
  }
}
