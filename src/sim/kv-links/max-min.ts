/**
 * Instances with one network port each way, whose bandwidth all their transfers share fairly (max-min). Rates change
 * when a transfer starts or ends, for those that share a port with it, directly or through others.
 */
import { ConfigError } from "../../errors.ts";
import type { Instance } from "../cluster/instance.ts";
import type { EventKind, TimerId } from "../kernel/kernel.ts";
import type { KvLinks, KvLinksContext, KvLinksDefinition } from "./kv-links.ts";
import { maxMinRates, type Port, type PortFlow } from "./max-min-rates.ts";

const BYTES_PER_GIBIBYTE = 1024 ** 3;

interface Transfer extends PortFlow {
  readonly request: number;
  readonly slot: number;
  /** At `sinceSeconds`, from which on `bytesPerSecond` is its rate. */
  leftBytes: number;
  sinceSeconds: number;
  bytesPerSecond: number;
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
  readonly #end: EventKind;
  /** Transfers under way by slot, with a timer per slot; slots are used again. */
  readonly #transfers: Transfer[] = [];
  readonly #timers: TimerId[] = [];
  readonly #freeSlots: number[] = [];

  constructor(context: KvLinksContext, parameters: MaxMinParameters) {
    this.#context = context;
    this.#parameters = parameters;
    this.#join = context.kernel.on((slot) => this.#joinPorts(this.#transfers[slot]));
    this.#end = context.kernel.on((slot) => this.#arrive(this.#transfers[slot]));
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
    this.#egress.set(instance, { bytesPerSecond, flows: [] });
    this.#ingress.set(instance, { bytesPerSecond, flows: [] });
  }

  transfer(request: number, bytes: number, source: Instance, destination: Instance): void {
    const slot = this.#freeSlots.pop() ?? this.#timers.length;
    if (slot === this.#timers.length) this.#timers.push(this.#context.kernel.timer(this.#end, slot));
    const ports = [this.#egress.get(source) as Port, this.#ingress.get(destination) as Port] as const;
    this.#transfers[slot] = { request, slot, ports, leftBytes: bytes, sinceSeconds: 0, bytesPerSecond: 0 };
    this.#context.kernel.after(this.#parameters.latency, this.#join, slot);
  }

  #joinPorts(transfer: Transfer): void {
    for (const { flows } of transfer.ports) flows.push(transfer);
    this.#share(transfer.ports);
  }

  #arrive(transfer: Transfer): void {
    for (const { flows } of transfer.ports) flows.splice(flows.indexOf(transfer), 1);
    this.#freeSlots.push(transfer.slot);
    this.#share(transfer.ports);
    this.#context.onArrived(transfer.request);
  }

  #share(ports: readonly Port[]): void {
    const { kernel, transferBytesPerSecond } = this.#context;
    for (const [transfer, rate] of maxMinRates<Transfer>(ports, transferBytesPerSecond)) {
      if (rate === transfer.bytesPerSecond) continue;
      const movedBytes = transfer.bytesPerSecond * (kernel.now - transfer.sinceSeconds);
      // A rounding may move more than there is.
      transfer.leftBytes = Math.max(0, transfer.leftBytes - movedBytes);
      transfer.sinceSeconds = kernel.now;
      transfer.bytesPerSecond = rate;
      kernel.arm(this.#timers[transfer.slot], kernel.now + transfer.leftBytes / rate);
    }
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
