/**
 * Instances with one network port each way, whose bandwidth all their transfers share fairly (max-min). Rates change
 * when a transfer starts or ends, for those that share a port with it, directly or through others; O(ports^2 + transfers
 * under way) per transfer, in the part of the network that it is in.
 */
import { ConfigError } from "../../errors.ts";
import type { Instance } from "../cluster/instance.ts";
import { EVENT_RANK } from "../kernel/event-ranks.ts";
import type { EventKind, TimerId } from "../kernel/kernel.ts";
import type { KvLinks, KvLinksContext, KvLinksDefinition } from "./kv-links.ts";
import { Port, type PortFlow, shareFairly } from "./max-min-rates.ts";

const BYTES_PER_GIBIBYTE = 1024 ** 3;

interface Transfer extends PortFlow {
  readonly request: number;
  /** At `sinceSeconds`, from which on `bytesPerSecond` is its rate. */
  leftBytes: number;
  sinceSeconds: number;
  bytesPerSecond: number;
  endSeconds: number;
}

export interface MaxMinParameters {
  readonly latency: number;
  /** GiB/s of every instance, each way; null: what is known of its network. */
  readonly bandwidth: number | null;
}

class MaxMinLinks implements KvLinks {
  readonly #context: KvLinksContext;
  readonly #parameters: MaxMinParameters;
  readonly #egress = new Map<Instance, Port>();
  readonly #ingress = new Map<Instance, Port>();
  readonly #join: EventKind;
  /** Rings at the end of the transfer that ends next. */
  readonly #timer: TimerId;
  /** By request: transfers that have not joined their ports yet. */
  readonly #setOut = new Map<number, Transfer>();
  /** Transfers whose bytes move, in the order in which they joined. */
  readonly #moving: Transfer[] = [];

  constructor(context: KvLinksContext, parameters: MaxMinParameters) {
    this.#context = context;
    this.#parameters = parameters;
    this.#join = context.kernel.on((request) => this.#joinPorts(request));
    this.#timer = context.kernel.timer(
      context.kernel.on(() => this.#endNext(), EVENT_RANK.transferEnd),
      0,
    );
  }

  addInstance(instance: Instance): void {
    const { bandwidth } = this.#parameters;
    const bytesPerSecond = bandwidth === null ? instance.networkBytesPerSecond : bandwidth * BYTES_PER_GIBIBYTE;
    if (bytesPerSecond === undefined) {
      throw new ConfigError("unknown_bandwidth", `The network bandwidth of ${instance.label} is not known.`, {
        path: "kv_links.bandwidth",
        hint: "Set kv_links.bandwidth (GiB/s), or network_bandwidth (bytes/s) in the file of its SKU.",
      });
    }
    this.#egress.set(instance, new Port(bytesPerSecond));
    this.#ingress.set(instance, new Port(bytesPerSecond));
  }

  transfer(request: number, bytes: number, source: Instance, destination: Instance | undefined): void {
    const egress = this.#egress.get(source) as Port;
    this.#setOut.set(request, {
      request,
      ports: destination === undefined ? [egress] : [egress, this.#ingress.get(destination) as Port],
      leftBytes: bytes,
      sinceSeconds: 0,
      bytesPerSecond: 0,
      fairBytesPerSecond: 0,
      endSeconds: 0,
    });
    this.#context.kernel.after(this.#parameters.latency, this.#join, request);
  }

  #joinPorts(request: number): void {
    const transfer = this.#setOut.get(request) as Transfer;
    this.#setOut.delete(request);
    this.#moving.push(transfer);
    for (const { flows } of transfer.ports) flows.push(transfer);
    this.#share(transfer.ports);
  }

  #endNext(): void {
    const transfer = this.#nextToEnd() as Transfer;
    this.#moving.splice(this.#moving.indexOf(transfer), 1);
    for (const { flows } of transfer.ports) flows.splice(flows.indexOf(transfer), 1);
    this.#share(transfer.ports);
    this.#context.onArrived(transfer.request);
  }

  /** Gives all transfers that depend on these ports their new rates. */
  #share(ports: readonly Port[]): void {
    const { kernel, transferBytesPerSecond } = this.#context;
    for (const transfer of shareFairly<Transfer>(ports, transferBytesPerSecond)) {
      const rate = transfer.fairBytesPerSecond;
      if (rate === transfer.bytesPerSecond) continue;
      const movedBytes = transfer.bytesPerSecond * (kernel.now - transfer.sinceSeconds);
      // A rounding may move more than there is.
      transfer.leftBytes = Math.max(0, transfer.leftBytes - movedBytes);
      transfer.sinceSeconds = kernel.now;
      transfer.bytesPerSecond = rate;
      transfer.endSeconds = kernel.now + transfer.leftBytes / rate;
    }
    const next = this.#nextToEnd();
    if (next !== undefined) kernel.arm(this.#timer, next.endSeconds);
  }

  /** Of equals the one that joined first. */
  #nextToEnd(): Transfer | undefined {
    let next: Transfer | undefined;
    for (const transfer of this.#moving) {
      if (next === undefined || transfer.endSeconds < next.endSeconds) next = transfer;
    }
    return next;
  }
}

export const maxMin: KvLinksDefinition = {
  targets: ["kv_links.MaxMin"],
  create: (context, parameters) =>
    new MaxMinLinks(context, {
      latency: parameters.latency,
      bandwidth: "bandwidth" in parameters ? parameters.bandwidth : null,
    }),
};
