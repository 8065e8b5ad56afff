import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Kernel } from "../../../src/sim/kernel/kernel.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";
import { HostCopies } from "../../../src/sim/swapping/links/host-copies.ts";
import { Link } from "../../../src/sim/swapping/links/link.ts";
import { type LinkSharing, Transfers } from "../../../src/sim/swapping/links/transfers.ts";

interface Job {
  readonly start: number;
  readonly bytes: number;
  readonly links: readonly number[];
  readonly isPrefetch: boolean;
}

/** When each job has arrived; `watch` is called at every arrival. */
function run(jobs: readonly Job[], links: readonly Link[], sharing: LinkSharing, watch = () => {}): number[] {
  const kernel = new Kernel(new SequenceQueue());
  const transfers = new Transfers(kernel, sharing);
  const ends: number[] = [];
  const start = kernel.on((index) => {
    const { bytes, links: own, isPrefetch } = jobs[index];
    const onArrived = () => {
      ends[index] = kernel.now;
      watch();
    };
    transfers.start({
      model: 0,
      content: "weights",
      bytes,
      links: own.map((link) => links[link]),
      isPrefetch,
      onArrived,
    });
    watch();
  });
  jobs.forEach(({ start: at }, index) => {
    kernel.at(at, start, index);
  });
  kernel.run(Number.POSITIVE_INFINITY, "before");
  return ends;
}

const jobs = fc.array(
  fc.record({
    start: fc.integer({ min: 0, max: 40 }).map((count) => count / 4),
    bytes: fc.integer({ min: 0, max: 1000 }),
    links: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
    isPrefetch: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);
const SHARINGS = ["fair", "fifo", "priority"] as const;
const links = () => [100, 50, 200, 75].map((rate, index) => new Link(`link ${index}`, rate));

describe("transfers over links", () => {
  test("arrive once each, never faster than their links, which never carry more than they can", () => {
    fc.assert(
      fc.property(jobs, fc.constantFrom(...SHARINGS), (all, sharing) => {
        const own = links();
        const ends = run(all, own, sharing, () => {
          for (const { flows, bytesPerSecond } of own) {
            const rate = flows.reduce((sum, flow) => sum + Math.max(0, flow.fairBytesPerSecond), 0);
            expect(rate).toBeLessThanOrEqual(bytesPerSecond * (1 + 1e-12));
          }
        });
        expect(ends).toHaveLength(all.length);
        all.forEach(({ start, bytes, links: path }, index) => {
          const rate = Math.min(...path.map((link) => own[link].bytesPerSecond));
          expect(ends[index] - start).toBeGreaterThanOrEqual((bytes / rate) * (1 - 1e-9));
        });
        own.forEach((link, index) => {
          const bytes = all.reduce((sum, job) => sum + (job.links.includes(index) ? job.bytes : 0), 0);
          expect(link.movedBytes).toBeCloseTo(bytes, 6);
          expect(link.busySeconds * link.bytesPerSecond).toBeGreaterThanOrEqual(bytes * (1 - 1e-9));
        });
      }),
    );
  });

  const job = (start: number, bytes: number, isPrefetch = false): Job => ({ start, bytes, links: [0], isPrefetch });

  test("of which nobody waits for some stand still while the others move, and go on after them (worked by hand)", () => {
    const all = [job(0, 400, true), job(1, 100)];
    expect(run(all, links(), "priority")).toEqual([5, 2]);
    expect(run(all, links(), "fair")).toEqual([5, 3]);
    expect(run(all, links(), "fifo")).toEqual([4, 5]);
  });

  test("in order leave links alone that the one in front does not need", () => {
    const all = [job(0, 400), job(0, 100), { ...job(0, 200), links: [2] }];
    expect(run(all, links(), "fifo")).toEqual([4, 5, 1]);
  });
});

describe("copies in a server's memory", () => {
  test("fill DRAM and NVMe from the first model on, and what is in neither comes from the store", () => {
    const copies = new HostCopies(100, 150, true);
    expect([0, 1, 2].map((model) => copies.place(model, 60))).toEqual([true, true, true]);
    expect([0, 1, 2].map((model) => copies.tierOf(model))).toEqual(["dram", "nvme", "remote"]);
    expect(new HostCopies(100, 0, false).place(0, 120)).toBe(false);
  });

  test("make room in DRAM for what was loaded, the least recently loaded first, if another tier has it", () => {
    const copies = new HostCopies(120, 120, false);
    for (const model of [0, 1]) copies.place(model, 60);
    copies.loaded(0, 60);
    expect(copies.place(2, 60)).toBe(false);
    copies.loaded(2, 60);
    // The copy of model 1 went: NVMe still has it.
    expect([0, 1, 2].map((model) => copies.tierOf(model))).toEqual(["dram", "nvme", "dram"]);
    const crowded = new HostCopies(85, 55, false);
    for (const [model, bytes] of [60, 20, 30].entries()) crowded.place(model, bytes);
    crowded.loaded(2, 30);
    // Model 0 cannot leave, so that of model 1 would have gone for nothing.
    expect([0, 1, 2].map((model) => crowded.tierOf(model))).toEqual(["dram", "dram", "nvme"]);
    const volatile = new HostCopies(60, 0, false);
    volatile.place(0, 60);
    volatile.loaded(1, 60);
    // Nobody else has it.
    expect(volatile.tierOf(0)).toBe("dram");
  });
});
