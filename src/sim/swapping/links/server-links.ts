/** The links and tiers of one server, and the way of weights from a tier to a group of its processors. */
import type { ProcessorGroup } from "../processor-group.ts";
import { HostCopies } from "./host-copies.ts";
import { Link } from "./link.ts";
import type { WeightLinksParameters } from "./weight-links.schema.ts";

export type Tier = "peer" | "dram" | "nvme" | "remote";

/** One processor's part of a load: stages that it passes, one after the other or chunk by chunk. */
export interface Route {
  readonly stages: readonly (readonly Link[])[];
  readonly latencySeconds: number;
}

export class ServerLinks {
  readonly copies: HostCopies;
  readonly all: Link[] = [];
  readonly #parameters: WeightLinksParameters;
  readonly #fromHost: readonly Link[];
  readonly #toHost: readonly Link[];
  readonly #fromPort: readonly Link[];
  readonly #toPort: readonly Link[];
  readonly #peerOut: readonly Link[];
  readonly #peerIn: readonly Link[];
  readonly #dram: Link | undefined;
  readonly #nvme: Link | undefined;
  readonly #network: Link | undefined;
  readonly #store: Link | undefined;

  /** `store` is the remote store's own link, which all servers share. */
  constructor(server: number, processors: number, parameters: WeightLinksParameters, store: Link | undefined) {
    this.#parameters = parameters;
    this.#store = store;
    const { processor, root_port: port, dram, nvme, remote, peer } = parameters;
    const link = (name: string, bytesPerSecond: number) => {
      const made = new Link(`server ${server} ${name}`, bytesPerSecond);
      this.all.push(made);
      return made;
    };
    const each = (count: number, name: (index: number) => string, bytesPerSecond: number) =>
      Array.from({ length: count }, (_, index) => link(name(index), bytesPerSecond));
    this.#fromHost = each(processors, (index) => `processor ${index} in`, processor);
    this.#toHost = each(processors, (index) => `processor ${index} out`, processor);
    const ports = port === null ? 0 : Math.ceil(processors / port.processors);
    this.#fromPort = each(ports, (index) => `root port ${index} in`, port?.bandwidth ?? 0);
    this.#toPort = each(ports, (index) => `root port ${index} out`, port?.bandwidth ?? 0);
    this.#peerOut = each(peer === null ? 0 : processors, (index) => `processor ${index} to peers`, peer ?? 0);
    this.#peerIn = each(peer === null ? 0 : processors, (index) => `processor ${index} from peers`, peer ?? 0);
    this.#dram = dram === null || dram.bandwidth === null ? undefined : link("DRAM", dram.bandwidth);
    this.#nvme = nvme === null ? undefined : link("NVMe", nvme.bandwidth);
    this.#network = remote === null ? undefined : link("network", remote.bandwidth);
    this.copies = new HostCopies(
      dram === null ? 0 : (dram.capacity ?? Number.POSITIVE_INFINITY),
      nvme === null ? 0 : (nvme.capacity ?? Number.POSITIVE_INFINITY),
      remote !== null,
    );
  }

  /** The way of the shard of the group's processor number `place`. `source` is the neighbour that has the model. */
  route(tier: Tier, group: ProcessorGroup, place: number, source: ProcessorGroup | undefined): Route {
    const index = group.firstProcessor + place;
    if (tier === "peer" && source !== undefined) {
      return { stages: [[this.#peerOut[source.firstProcessor + place], this.#peerIn[index]]], latencySeconds: 0 };
    }
    const last = [...this.#port(this.#fromPort, index), this.#fromHost[index]];
    const nvme = this.#nvme === undefined ? [] : [[this.#nvme]];
    if (tier === "dram")
      return { stages: [this.#dram === undefined ? last : [this.#dram, ...last]], latencySeconds: 0 };
    if (tier === "nvme") return { stages: [...nvme, last], latencySeconds: 0 };
    const network = [this.#store, this.#network].filter((link) => link !== undefined);
    return { stages: [network, ...nvme, last], latencySeconds: this.#parameters.remote?.latency ?? 0 };
  }

  /** The way of KV caches between a processor and its host. */
  kvLinks(group: ProcessorGroup, place: number, direction: "in" | "out"): readonly Link[] {
    const index = group.firstProcessor + place;
    return direction === "in"
      ? [...this.#port(this.#fromPort, index), this.#fromHost[index]]
      : [this.#toHost[index], ...this.#port(this.#toPort, index)];
  }

  #port(ports: readonly Link[], processor: number): readonly Link[] {
    const { root_port: port } = this.#parameters;
    return port === null ? [] : [ports[Math.floor(processor / port.processors)]];
  }
}

/**
 * Seconds of a load that has the links to itself: in chunks, the slowest stage takes all bytes and every other one a chunk
 * (pipelined); else every stage all bytes.
 */
export function loadSeconds(
  bytes: number,
  { stages, latencySeconds }: Route,
  { forwarding, chunk }: Forwarding,
): number {
  const rates = stages.map((links) => Math.min(...links.map(({ bytesPerSecond }) => bytesPerSecond)));
  if (forwarding === "store_and_forward") return rates.reduce((sum, rate) => sum + bytes / rate, latencySeconds);
  return latencySeconds + bytes / Math.min(...rates) + fillSeconds(bytes, rates, chunk);
}

/** Until the last stage is busy. */
export function fillSeconds(bytes: number, rates: readonly number[], chunk: number): number {
  const slowest = rates.indexOf(Math.min(...rates));
  const piece = Math.min(bytes, chunk);
  return rates.reduce((sum, rate, stage) => (stage === slowest ? sum : sum + piece / rate), 0);
}

export type Forwarding = Pick<WeightLinksParameters, "forwarding" | "chunk">;
