/** Max-min fair rates of flows that share links (Bertsekas and Gallager, "Data Networks", section 6.5.2). */

export interface Port {
  readonly bytesPerSecond: number;
  readonly flows: PortFlow[];
}

/** A flow through two ports: out of one instance and into another. */
export interface PortFlow {
  readonly ports: readonly [Port, Port];
}

/**
 * Rates of all flows that share a port with those of `ports`, directly or through others: no rate can be raised without
 * lowering one that is not greater. Progressive filling, O(ports x (ports + flows)) of this part of the network, so
 * transfers elsewhere cost nothing. `flowBytesPerSecond` limits every single flow.
 */
export function maxMinRates<Flow extends PortFlow>(
  ports: readonly Port[],
  flowBytesPerSecond: number,
): Map<Flow, number> {
  const open = connected(ports);
  const rates = new Map<Flow, number>();
  while (open.size > 0) {
    let narrowest: OpenPort | undefined;
    for (const port of open.values()) if (narrowest === undefined || share(port) < share(narrowest)) narrowest = port;
    if (narrowest === undefined) break;
    const rate = Math.min(flowBytesPerSecond, share(narrowest));
    // Below every port's share only the limit of single flows binds, and it binds them all.
    const filled = rate === flowBytesPerSecond ? [...open.keys()].flatMap(({ flows }) => flows) : narrowest.port.flows;
    for (const flow of filled as Flow[]) {
      if (rates.has(flow)) continue;
      rates.set(flow, rate);
      for (const port of flow.ports) take(open, port, rate);
    }
  }
  return rates;
}

interface OpenPort {
  readonly port: Port;
  leftBytesPerSecond: number;
  /** Flows that have no rate yet. */
  flows: number;
}

function share({ leftBytesPerSecond, flows }: OpenPort): number {
  return leftBytesPerSecond / flows;
}

function take(open: Map<Port, OpenPort>, port: Port, rate: number): void {
  const state = open.get(port);
  if (state === undefined) return;
  state.leftBytesPerSecond -= rate;
  state.flows--;
  if (state.flows === 0) open.delete(port);
}

/** Ports with flows that can be reached from `ports`, in the order of a breadth-first search. */
function connected(ports: readonly Port[]): Map<Port, OpenPort> {
  const found = new Map<Port, OpenPort>();
  const add = (port: Port) => {
    if (port.flows.length === 0 || found.has(port)) return;
    found.set(port, { port, leftBytesPerSecond: port.bytesPerSecond, flows: port.flows.length });
  };
  for (const port of ports) add(port);
  // A Map's iteration also visits what is added meanwhile.
  for (const port of found.keys()) for (const flow of port.flows) for (const other of flow.ports) add(other);
  return found;
}
