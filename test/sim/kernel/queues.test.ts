import { describe, expect, test } from "vitest";
import { HeapqQueue } from "../../../src/sim/kernel/heapq-queue.ts";
import { Kernel } from "../../../src/sim/kernel/kernel.ts";
import { createRandomStream } from "../../../src/sim/kernel/random.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";
import { batchMeans } from "../batch-means.ts";

const CUSTOMERS = 150_000;

/** One server, first come, first served, mean service 1 s, made of nothing but the kernel's events and random streams. */
function queue(kernel: Kernel, perSecond: number, serviceSeconds: () => number) {
  const gaps = createRandomStream(1, "gaps");
  const arrivedSeconds: number[] = [];
  const waits: number[] = [];
  const sojourns: number[] = [];
  let inService = 0;
  /** Time integral of the number of customers that are here. */
  let customerSeconds = 0;
  let sinceSeconds = 0;
  const count = () => {
    customerSeconds += (arrivedSeconds.length - sojourns.length) * (kernel.now - sinceSeconds);
    sinceSeconds = kernel.now;
  };
  const serve = () => {
    waits.push(kernel.now - arrivedSeconds[inService]);
    kernel.after(serviceSeconds(), leave, 0);
  };
  const arrive = kernel.on(() => {
    count();
    arrivedSeconds.push(kernel.now);
    if (arrivedSeconds.length < CUSTOMERS) kernel.after(gap(), arrive, 0);
    if (arrivedSeconds.length - sojourns.length === 1) serve();
  });
  const leave = kernel.on(() => {
    count();
    sojourns.push(kernel.now - arrivedSeconds[inService]);
    inService++;
    if (inService < arrivedSeconds.length) serve();
  });
  const gap = () => -Math.log(1 - gaps.uniform()) / perSecond;
  kernel.after(gap(), arrive, 0);
  kernel.run(Number.POSITIVE_INFINITY, "before");
  return { waits, sojourns, meanCustomers: customerSeconds / kernel.now, perSecond: CUSTOMERS / kernel.now };
}

function exponential() {
  const services = createRandomStream(1, "services");
  return () => -Math.log(1 - services.uniform());
}

const QUEUES = [
  ["sequence", () => new SequenceQueue()],
  ["heapq", () => new HeapqQueue(16)],
] as const;

describe.each(QUEUES)("a queue made from the kernel's events in the order %s", (_name, events) => {
  // Kleinrock, Queueing Systems I: the mean wait is rho / (1 - rho) services (3.2), and half of that if all services are
  // equal (5.6). A stay in M/M/1 is exponential with the mean 1 / (1 - rho) (5.7).
  test.each([0.3, 0.5, 0.8])("waits as M/M/1 does at utilisation %d", (rho) => {
    const { waits, sojourns } = queue(new Kernel(events()), rho, exponential());
    const wait = batchMeans(waits);
    expect(wait.halfWidth).toBeLessThan(0.15 * wait.mean);
    expect(Math.abs(wait.mean - rho / (1 - rho))).toBeLessThan(wait.halfWidth);
    for (const seconds of [1, 3, 6]) {
      const longer = batchMeans(sojourns.map((sojourn) => (sojourn > seconds ? 1 : 0)));
      expect(Math.abs(longer.mean - Math.exp(-(1 - rho) * seconds))).toBeLessThan(longer.halfWidth);
    }
  });

  test.each([0.3, 0.5, 0.8])("waits as M/D/1 does at utilisation %d", (rho) => {
    const wait = batchMeans(queue(new Kernel(events()), rho, () => 1).waits);
    expect(wait.halfWidth).toBeLessThan(0.15 * wait.mean);
    expect(Math.abs(wait.mean - rho / (2 * (1 - rho)))).toBeLessThan(wait.halfWidth);
  });

  test("holds as many customers on average as Little's law says, and as M/M/1 has", () => {
    const { sojourns, meanCustomers, perSecond } = queue(new Kernel(events()), 0.8, exponential());
    const stay = batchMeans(sojourns);
    expect(meanCustomers / (perSecond * stay.mean)).toBeCloseTo(1, 9);
    expect(Math.abs(meanCustomers - 4)).toBeLessThan(0.8 * stay.halfWidth);
  });
});
