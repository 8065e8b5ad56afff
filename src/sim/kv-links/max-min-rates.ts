/** Max-min fair rates of flows that share ports (Bertsekas and Gallager, "Data Networks", section 6.5.2). */

export class Port {
  readonly bytesPerSecond: number;
  readonly flows: PortFlow[] = [];
  /** While rates are found: bandwidth that is left, and flows without a rate. */
  leftBytesPerSecond = 0;
  openFlows = 0;

  constructor(bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
  }
}

/** A flow through ports: out of one instance, and into another if that is known. */
export interface PortFlow {
  readonly ports: readonly Port[];
  /** The fair rate that was found last; negative while rates are found. */
  fairBytesPerSecond: number;
}

/**
 * Finds the rates of all flows that share a port with those of `ports`, directly or through others, and returns these
 * flows: no rate could be raised without lowering one that is not greater. Progressive filling, O(ports^2 + flows) in this
 * part of the network; transfers elsewhere cost nothing. `flowBytesPerSecond` limits every single flow.
 */
export function shareFairly<Flow extends PortFlow>(ports: readonly Port[], flowBytesPerSecond: number): Flow[] {
  const { open, flows } = connected(ports);
  for (let port = narrowest(open); port !== undefined; port = narrowest(open)) {
    const rate = share(port);
    if (rate >= flowBytesPerSecond) break;
    for (const flow of port.flows) {
      if (flow.fairBytesPerSecond >= 0) continue;
      flow.fairBytesPerSecond = rate;
      for (const each of flow.ports) {
        each.leftBytesPerSecond -= rate;
        each.openFlows--;
      }
    }
  }
  // Where all ports have more to share, only the limit of single flows binds.
  for (const port of open) port.openFlows = 0;
  for (const flow of flows) if (flow.fairBytesPerSecond < 0) flow.fairBytesPerSecond = flowBytesPerSecond;
  return flows as Flow[];
}

function share({ leftBytesPerSecond, openFlows }: Port): number {
  return leftBytesPerSecond / openFlows;
}

/** The port with the least share, the first of equals. Drops ports that have no open flows from `open`. */
function narrowest(open: Port[]): Port | undefined {
  let least: Port | undefined;
  let kept = 0;
  for (const port of open) {
    if (port.openFlows === 0) continue;
    open[kept++] = port;
    if (least === undefined || share(port) < share(least)) least = port;
  }
  open.length = kept;
  return least;
}

/** What can be reached from `ports`, in the order of a breadth-first search, ready for rates to be found. */
function connected(ports: readonly Port[]): { open: Port[]; flows: PortFlow[] } {
  const open: Port[] = [];
  const flows: PortFlow[] = [];
  const add = (port: Port) => {
    // A port that has been reached has open flows, and flows that are reached have a negative rate.
    if (port.openFlows > 0) return;
    port.openFlows = port.flows.length;
    port.leftBytesPerSecond = port.bytesPerSecond;
    if (port.openFlows > 0) open.push(port);
  };
  for (const port of ports) add(port);
  for (let index = 0; index < open.length; index++) {
    for (const flow of open[index].flows) {
      if (flow.fairBytesPerSecond < 0) continue;
      flow.fairBytesPerSecond = -1;
      flows.push(flow);
      for (const port of flow.ports) add(port);
    }
  }
  return { open, flows };
}
