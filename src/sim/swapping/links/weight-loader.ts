/** Brings weights to groups of processors, every processor its shard over its own link, and moves KV caches to and fro. */
import type { EventKind, Kernel } from "../../kernel/kernel.ts";
import type { ProcessorGroup } from "../processor-group.ts";
import { Link } from "./link.ts";
import { fillSeconds, loadSeconds, type Route, ServerLinks, type Tier } from "./server-links.ts";
import { type MovedListener, type RateListener, type Shipment, Transfers } from "./transfers.ts";
import type { WeightLinksParameters } from "./weight-links.schema.ts";

/** Weights on their way to a group. */
export interface Load {
  /** Somebody waits for it now, although it began as a prefetch. */
  hurry(): void;
}

export interface LoadOrder {
  readonly model: number;
  /** Of the whole model. */
  readonly bytes: number;
  readonly group: ProcessorGroup;
  /** A group of the same server that has the model, if there is one. */
  readonly neighbour: ProcessorGroup | undefined;
  readonly isPrefetch: boolean;
  /** The first byte sets out. */
  readonly onFirstByte: (tier: Tier) => void;
  /** All processors' shards are on their last links. */
  readonly onArriving: () => void;
  readonly onLoaded: () => void;
}

/** A processor's part of a load. */
interface ShardOrder extends Pick<LoadOrder, "model" | "isPrefetch" | "onArriving"> {
  readonly shipments: Shipment[];
  readonly onFirstByte: () => void;
  readonly onArrived: () => void;
}

export class WeightLoader {
  readonly #kernel: Kernel;
  readonly #parameters: WeightLinksParameters;
  readonly #transfers: Transfers;
  readonly #servers = new Map<number, ServerLinks>();
  readonly #store: Link | undefined;
  /** The store's, then every server's. */
  readonly links: readonly Link[];
  readonly #numbers: ReadonlyMap<Link, number>;
  readonly #delayed: (() => void)[] = [];
  readonly #runDelayed: EventKind;

  constructor(kernel: Kernel, parameters: WeightLinksParameters, groups: readonly ProcessorGroup[]) {
    this.#kernel = kernel;
    this.#parameters = parameters;
    this.#transfers = new Transfers(kernel, parameters.sharing);
    const storeBandwidth = parameters.remote?.store_bandwidth ?? null;
    this.#store = storeBandwidth === null ? undefined : new Link("remote store", storeBandwidth);
    for (const { server } of groups) {
      if (this.#servers.has(server.id)) continue;
      this.#servers.set(server.id, new ServerLinks(server.id, server.processors.length, parameters, this.#store));
    }
    const own = [...this.#servers.values()].flatMap(({ all }) => all);
    this.links = this.#store === undefined ? own : [this.#store, ...own];
    this.#numbers = new Map(this.links.map((link, index) => [link, index]));
    this.#runDelayed = kernel.on((index) => this.#delayed[index]());
  }

  set onMoved(listener: MovedListener) {
    this.#transfers.onMoved = listener;
  }

  set onRate(listener: RateListener) {
    this.#transfers.onRate = listener;
  }

  /** By link: bytes that it has moved by `seconds`, if nothing changes until then. */
  movedBytesBy(seconds: number): Float64Array {
    const moved = Float64Array.from(this.links, ({ movedBytes }) => movedBytes);
    this.#transfers.moving(seconds, (links, bytes) => {
      for (const link of links) moved[this.#numbers.get(link) as number] += bytes;
    });
    return moved;
  }

  /** Gives every server its copies. Returns the first model that no tier of some server holds. */
  placeCopies(models: readonly { readonly index: number; readonly weightBytes: number }[]): number | undefined {
    for (const { copies } of this.#servers.values()) {
      for (const { index, weightBytes } of models) if (!copies.place(index, weightBytes)) return index;
    }
    return undefined;
  }

  /** Seconds of a load that had all links to itself. */
  soloSeconds({ model, bytes, group, neighbour }: Pick<LoadOrder, "model" | "bytes" | "group" | "neighbour">): number {
    const links = this.#linksOf(group);
    const route = links.route(this.#tier(model, group, neighbour), group, 0, neighbour);
    return loadSeconds(bytes / group.processors.length, route, this.#parameters);
  }

  load({ model, bytes, group, neighbour, isPrefetch, onFirstByte, onArriving, onLoaded }: LoadOrder): Load {
    const links = this.#linksOf(group);
    const tier = this.#tier(model, group, neighbour);
    const shard = bytes / group.processors.length;
    const shipments: Shipment[] = [];
    const shards = group.processors.length;
    let leaving = 0;
    let arriving = 0;
    let arrived = 0;
    const order: ShardOrder = {
      model,
      isPrefetch,
      shipments,
      onFirstByte: () => {
        if (++leaving === 1) onFirstByte(tier);
      },
      onArriving: () => {
        if (++arriving === shards) onArriving();
      },
      onArrived: () => {
        if (++arrived < shards) return;
        if (tier !== "peer") links.copies.loaded(model, bytes);
        onLoaded();
      },
    };
    for (let place = 0; place < shards; place++) {
      this.#ship(shard, links.route(tier, group, place, neighbour), order);
    }
    return {
      hurry: () => {
        for (const shipment of shipments) this.#transfers.hurry(shipment);
      },
    };
  }

  /** Moves KV caches of a group to its host, or back. */
  moveKv(model: number, bytes: number, group: ProcessorGroup, direction: "in" | "out", onMoved: () => void): void {
    const links = this.#linksOf(group);
    let left = group.processors.length;
    const onArrived = () => {
      if (--left === 0) onMoved();
    };
    for (let place = 0; place < group.processors.length; place++) {
      this.#transfers.start({
        model,
        content: "kv_cache",
        bytes: bytes / group.processors.length,
        links: links.kvLinks(group, place, direction),
        isPrefetch: false,
        onArrived,
      });
    }
  }

  #linksOf(group: ProcessorGroup): ServerLinks {
    return this.#servers.get(group.server.id) as ServerLinks;
  }

  #tier(model: number, group: ProcessorGroup, neighbour: ProcessorGroup | undefined): Tier {
    if (neighbour !== undefined && this.#parameters.peer !== null) return "peer";
    return this.#linksOf(group).copies.tierOf(model) ?? "remote";
  }

  #ship(bytes: number, { stages, latencySeconds }: Route, order: ShardOrder): void {
    const { forwarding, chunk } = this.#parameters;
    const { model, isPrefetch, shipments, onFirstByte, onArriving, onArrived } = order;
    const start = (links: readonly Link[], isFirst: boolean, isLast: boolean, next: () => void) => {
      const onMoving = () => {
        if (isFirst) onFirstByte();
        if (isLast) onArriving();
      };
      const shipment: Shipment = { model, content: "weights", bytes, links, isPrefetch, onMoving, onArrived: next };
      shipments.push(shipment);
      this.#transfers.start(shipment);
    };
    const passOn = (stage: number) => {
      if (stage === stages.length) onArrived();
      else start(stages[stage], stage === 0, stage === stages.length - 1, () => passOn(stage + 1));
    };
    const rates = stages.map((links) => Math.min(...links.map(({ bytesPerSecond }) => bytesPerSecond)));
    const begin =
      forwarding === "chunks"
        ? () => start(stages.flat(), true, true, () => this.#after(fillSeconds(bytes, rates, chunk), onArrived))
        : () => passOn(0);
    this.#after(latencySeconds, begin);
  }

  #after(seconds: number, action: () => void): void {
    if (seconds === 0) action();
    else this.#kernel.after(seconds, this.#runDelayed, this.#delayed.push(action) - 1);
  }
}
