import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { Kernel } from "../../../src/sim/kernel/kernel.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";
import { maxMin } from "../../../src/sim/kv-links/max-min.ts";
import { Port, type PortFlow, shareFairly } from "../../../src/sim/kv-links/max-min-rates.ts";
import { privateLinks } from "../../../src/sim/kv-links/private.ts";
import { thrownBy } from "../inputs.ts";
import { arrivalsOf, linkedInstance } from "./links.ts";

/** Flows between ports of the given bandwidths: pairs of an egress and an ingress port. */
function network(egress: readonly number[], ingress: readonly number[], pairs: readonly (readonly [number, number])[]) {
  const port = (bytesPerSecond: number) => new Port(bytesPerSecond);
  const out = egress.map(port);
  const into = ingress.map(port);
  const flows: PortFlow[] = pairs.map(([from, to]) => ({
    ports: [out[from], into[to]] as const,
    fairBytesPerSecond: 0,
  }));
  for (const flow of flows) for (const { flows: through } of flow.ports) through.push(flow);
  return { ports: [...out, ...into], flows };
}

describe("max-min fair rates", () => {
  test("of a network solved by hand: what a narrow port leaves goes to the flows that it does not limit", () => {
    // Egress 0 has flows to ingress 0 and 1; ingress 1 also gets one from egress 1. Ingress 0 is narrow: 2. So flow 0 gets
    // 2; flows 1 and 2 share ingress 1 (10): 5 each, and egress 0 (9) has 7 left for flow 1.
    const { ports, flows } = network(
      [9, 100],
      [2, 10],
      [
        [0, 0],
        [0, 1],
        [1, 1],
      ],
    );
    shareFairly(ports, 1000);
    expect(flows.map(({ fairBytesPerSecond }) => fairBytesPerSecond)).toEqual([2, 5, 5]);
  });

  test("are limited for each single flow too", () => {
    const { ports, flows } = network(
      [10],
      [10, 10, 10],
      [
        [0, 0],
        [0, 1],
      ],
    );
    shareFairly(ports, 3);
    expect(flows.map(({ fairBytesPerSecond }) => fairBytesPerSecond)).toEqual([3, 3]);
  });

  test("of a part of the network need no look at the rest", () => {
    const { ports, flows } = network(
      [10, 10],
      [10, 10],
      [
        [0, 0],
        [1, 1],
      ],
    );
    expect(shareFairly([ports[0]], 1000)).toEqual([flows[0]]);
  });

  // Bertsekas and Gallager: rates are max-min fair if and only if every flow has a bottleneck, a full port at which no
  // other flow is faster (or its own limit).
  test("fill no port beyond its bandwidth, and every flow has a bottleneck", () => {
    const bandwidth = fc.integer({ min: 1, max: 20 });
    const pair = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }));
    const four = fc.array(bandwidth, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        four,
        four,
        fc.array(pair, { maxLength: 15 }),
        fc.constantFrom(2.5, 1000),
        (out, into, pairs, limit) => {
          const { ports, flows } = network(out, into, pairs);
          expect(shareFairly(ports, limit)).toHaveLength(flows.length);
          const rate = (flow: PortFlow) => flow.fairBytesPerSecond;
          const first = flows.map(rate);
          shareFairly(ports, limit);
          expect(flows.map(rate)).toEqual(first);
          const used = (port: Port) => port.flows.reduce((sum, flow) => sum + rate(flow), 0);
          for (const port of ports) expect(used(port)).toBeLessThanOrEqual(port.bytesPerSecond * (1 + 1e-9));
          for (const flow of flows) {
            const isBottleneck = (port: Port) =>
              used(port) >= port.bytesPerSecond * (1 - 1e-9) &&
              port.flows.every((other) => rate(other) <= rate(flow) * (1 + 1e-9));
            expect(rate(flow) === limit || flow.ports.some(isBottleneck)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("transfers that share links", () => {
  const fast = { transferBytesPerSecond: 1000, networkBytesPerSecond: 10 };

  test("from one instance have half the rate each, and the rest of the longer one the whole", () => {
    const arrivals = arrivalsOf(maxMin, fast, [
      { atSeconds: 0, bytes: 10, from: 0, to: 1 },
      { atSeconds: 0, bytes: 20, from: 0, to: 2 },
    ]);
    // 10 bytes each until 2 s, then 10 bytes at 10 bytes/s.
    expect(arrivals).toEqual([[2], [3]]);
  });

  test("slow down one that is under way when they start", () => {
    const arrivals = arrivalsOf(maxMin, fast, [
      { atSeconds: 0, bytes: 40, from: 0, to: 1 },
      { atSeconds: 1, bytes: 10, from: 2, to: 1 },
    ]);
    // The first has 30 bytes left at 1 s; both have 5 bytes/s until 3 s, when the second is there and the first has 20 left.
    expect(arrivals).toEqual([[5], [3]]);
  });

  test("in opposite directions do not disturb each other", () => {
    const arrivals = arrivalsOf(maxMin, fast, [
      { atSeconds: 0, bytes: 10, from: 0, to: 1 },
      { atSeconds: 0, bytes: 10, from: 1, to: 0 },
    ]);
    expect(arrivals).toEqual([[1], [1]]);
  });

  test("never arrive sooner than with links of their own", () => {
    const transfer = fc.record({
      atSeconds: fc.double({ min: 0, max: 8, noNaN: true }),
      bytes: fc.integer({ min: 0, max: 100 }),
      from: fc.integer({ min: 0, max: 3 }),
      to: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(transfer, { maxLength: 20 }), (transfers) => {
        const setting = { transferBytesPerSecond: 8, networkBytesPerSecond: 10 };
        const alone = arrivalsOf(privateLinks, setting, transfers);
        arrivalsOf(maxMin, setting, transfers).forEach(([arrival], index) => {
          expect(arrival).toBeGreaterThanOrEqual(alone[index][0] - 1e-9);
        });
      }),
    );
  });

  test("keep a shared port busy: all that leaves one instance takes its bytes over its bandwidth", () => {
    const bytes = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(fc.array(fc.tuple(bytes, fc.integer({ min: 1, max: 3 })), { minLength: 1 }), (all) => {
        const transfers = all.map(([size, to]) => ({ atSeconds: 0, bytes: size, from: 0, to }));
        const last = Math.max(...arrivalsOf(maxMin, fast, transfers).flat());
        const total = transfers.reduce((sum, { bytes: size }) => sum + size, 0);
        expect(last).toBeCloseTo(total / 10, 9);
      }),
    );
  });
});

describe("an instance whose network is not known", () => {
  const create = (bandwidth: number | null) =>
    maxMin.create(
      { kernel: new Kernel(new SequenceQueue()), transferBytesPerSecond: 1, onArrived() {} },
      { _target_: "kv_links.MaxMin", latency: 0, bandwidth },
    );

  test("is refused, with both ways out", () => {
    const error = thrownBy(() => create(null).addInstance(linkedInstance(0, undefined)));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      label: "unknown_bandwidth",
      path: "kv_links.bandwidth",
      hint: expect.stringMatching(/kv_links\.bandwidth.*network_bandwidth/),
    });
  });

  test("is served with the bandwidth that the links give all instances", () => {
    expect(thrownBy(() => create(1).addInstance(linkedInstance(0, undefined)))).toBe(undefined);
  });
});
