import { describe, expect, test } from "vitest";
import { type BusyBars, busyBars } from "../../../src/results/timeline/busy-bars.ts";
import { TraceEvents } from "../../../src/results/timeline/trace-events.ts";
import { tracePieces } from "../../../src/results/timeline/write-trace.ts";
import { createRandomStream } from "../../../src/sim/kernel/random.ts";
import type { RunRecord, SwapRecord, TimelineColumns } from "../../../src/sim/recorder.ts";
import { simulate } from "../../../src/sim/simulation.ts";
import { type Scenario, scenarioInputs } from "../../sim/swapping/scenario.ts";
import { type Event, endOf, expectValid, flows, slicesByThread, startOf } from "./events.ts";

const ALWAYS = { fromSeconds: 0, untilSeconds: Number.POSITIVE_INFINITY };

function traced(
  scenario: Scenario,
  { mostEvents = 1e9, ...window }: Partial<typeof ALWAYS & { mostEvents: number }> = {},
) {
  const bounds = { ...ALWAYS, ...window };
  const timeline = { ...bounds, mostSlices: mostEvents };
  const record = simulate({ ...scenarioInputs(scenario), timeline }) as RunRecord & { swapping: SwapRecord };
  const columns = record.timeline as TimelineColumns;
  const made = new TraceEvents(record, columns, { ...bounds, mostEvents });
  const events: Event[] = JSON.parse([...tracePieces(made, {})].join("")).traceEvents;
  return { record, columns, made, events };
}

/** Six models on three processors that hold two or three of them at a time. */
function busy(changes: Partial<Scenario> = {}): Scenario {
  const stream = createRandomStream(7, "swap events test");
  const rows = Array.from({ length: 150 }, (_, index) => ({
    arrival: index / 4,
    prompt: 1 + stream.below(60),
    output: 1 + stream.below(40),
    application: stream.below(6),
  }));
  return { weights: [300, 400, 250, 350, 500, 200], rows, processors: 3, bandwidth: 500, ...changes };
}

const POLICIES: readonly (readonly [string, Partial<Scenario>])[] = [
  ["without pre-emption", {}],
  [
    "whose KV caches move to the host, one load after the other",
    { sharing: "fifo", swapping: { preemption: "move", preempt_after: 0.5 } },
  ],
  [
    "whose KV caches stay, in priority over prefetches",
    {
      trigger: "prefetch",
      sharing: "priority",
      swapping: { preemption: "keep", preempt_after: 0.5 },
    },
  ],
  ["whose KV caches are dropped", { swapping: { preemption: "drop", preempt_after: 0.5 } }],
  [
    "on several processors at a time, after an unload",
    { overheads: { unload: 0.2, attach: 0.1 }, swapping: { max_replicas: 2, replica_queue: 2 } },
  ],
];

const seconds = (slices: readonly Event[]) => slices.reduce((sum, { dur = 0 }) => sum + dur / 1e6, 0);

describe("trace events of models that are swapped", () => {
  test("show a cold start as load, transfer and slices named by the model (worked by hand)", () => {
    // 200 bytes at 100 bytes/s; a prefill of 512 tokens takes half a second, and a decode iteration a sixteenth.
    const rows = [{ arrival: 1, prompt: 512, output: 3 }];
    const { events, record } = traced({ weights: [200], rows, overheads: { attach: 0.25 } });
    expectValid(events);
    const shown = events.filter(({ ph }) => ph === "X").map(({ cat, name, ts, dur }) => [cat, name, ts, dur]);
    const [{ name }] = record.swapping.models;
    expect(shown).toEqual([
      ["links", name, 1e6, 2e6],
      ["loads", name, 1e6, 2.25e6],
      ["iterations", name, 3.25e6, 0.5e6],
      ["iterations", name, 3.75e6, 0.125e6],
    ]);
    const names = events.filter((event) => event.name === "thread_name").map(({ args }) => args?.name);
    expect(names).toEqual(["gpu 0", "loads to gpu 0", "server 0 processor 0 in"]);
    const memory = events.filter((event) => event.name === "gpu 0 committed memory");
    // Weights, and the KV cache that the longest request may need.
    expect(memory.map(({ ts, args }) => [ts, args?.bytes])).toEqual([
      [0, 0],
      [1e6, 715],
    ]);
    const rate = events.filter((event) => event.name === "server 0 processor 0 in rate");
    expect(rate.map(({ ts, args }) => [ts, args?.gigabytes_per_second])).toEqual([
      [0, 0],
      [1e6, 1e-7],
      [3e6, 0],
    ]);
  });

  test.each(POLICIES)("%s are valid and add up to the tables of processors and links", (_, changes) => {
    const { events, record } = traced(busy(changes));
    const { swapping } = record;
    expectValid(events);
    expect(record.unfinishedReasons).toEqual([]);
    const of = (cat: string) => slicesByThread(events.filter((event) => event.cat === cat));
    const ascending = (a: number, b: number) => a - b;
    const work = [...of("iterations").values()].map(seconds).sort(ascending);
    const busySeconds = swapping.groups.map((group) => group.busySeconds).sort(ascending);
    expect(work).toEqual(busySeconds.map((each) => expect.closeTo(each, 6)));
    const links = new Map(swapping.links.map(({ name, movedBytes }) => [name, movedBytes]));
    const moved = new Map<string, number>();
    for (const { name, tid, pid } of threadsOf(events)) {
      const slices = of("links").get(`${pid}/${tid}`) ?? [];
      const link = name.replace(/ \(\d+\)$/, "");
      const bytes = slices.reduce((sum, { args }) => sum + Number(args?.gigabytes) * 1e9, 0);
      if (slices.length > 0) moved.set(link, (moved.get(link) ?? 0) + bytes);
    }
    for (const [link, bytes] of links) expect(moved.get(link) ?? 0, link).toBeCloseTo(bytes, 5);
    expect(moved.size).toBeGreaterThan(0);
    for (const { name, bytesPerSecond, movedBytes } of swapping.links) {
      const rates = events.filter((event) => event.name === `${name} rate`);
      const sums = rates.map(({ ts, args }, i) => {
        const untilSeconds = (rates[i + 1]?.ts ?? record.endSeconds * 1e6) / 1e6;
        return (Number(args?.gigabytes_per_second) * 1e9 * (1e6 * untilSeconds - ts)) / 1e6;
      });
      expect(
        sums.reduce((sum, bytes) => sum + bytes, 0),
        name,
      ).toBeCloseTo(movedBytes, 3);
      for (const { args } of rates) {
        expect(args?.gigabytes_per_second).toBeLessThanOrEqual((bytesPerSecond / 1e9) * (1 + 1e-12));
      }
    }
    const loads = events.filter(({ ph, cat }) => ph === "X" && cat === "loads");
    swapping.models.forEach((model) => {
      const own = loads.filter(({ name }) => name === model.name);
      expect(own.length).toBe(model.loads);
      expect(seconds(own)).toBeCloseTo(model.loadingSeconds, 6);
      const evicted = events.filter(({ name }) => name === `evicted: ${model.name}`);
      expect(evicted.length).toBe(model.evictions);
    });
    expect(flows(events).size).toBeGreaterThan(80);
  });

  test("count the memory of processors, never above their capacity, up to the last change", () => {
    const { events, record } = traced(busy());
    for (const { memoryBytes } of record.swapping.groups) {
      const counters = events.filter(({ name }) => name.endsWith("committed memory"));
      expect(counters.length).toBeGreaterThan(100);
      for (const { args } of counters) expect(args?.bytes).toBeLessThanOrEqual(memoryBytes);
    }
  });

  test("stop at the limit, with all that ended before", () => {
    const all = traced(busy());
    for (const mostEvents of [1, 20, 400, all.made.events - 1]) {
      const { events, made } = traced(busy(), { mostEvents });
      expect(made.events).toBeLessThanOrEqual(mostEvents);
      const until = (made.leftOut?.from_seconds ?? 0) * 1e9 - 1;
      const ended = (event: Event) => event.ph === "X" && endOf(event) < until;
      expect(events.filter(ended)).toEqual(all.events.filter(ended));
    }
    expect(traced(busy(), { mostEvents: all.made.events }).made.leftOut).toBeUndefined();
  });

  test("of a window are those that last or begin in it, and the memory at its beginning", () => {
    const all = traced(busy());
    const { events } = traced(busy(), { fromSeconds: 10, untilSeconds: 15 });
    expectValid(events);
    const shown = (each: readonly Event[]) =>
      each
        .filter(({ ph }) => ph === "X")
        .map((event) => `${event.cat} ${event.name} ${event.ts} ${event.dur}`)
        .sort();
    expect(shown(events)).toEqual(shown(all.events.filter((event) => endOf(event) > 10e9 && startOf(event) < 15e9)));
    const first = events.filter(({ name, ts }) => name === "gpu 0 committed memory" && ts === 10e6);
    expect(first.length).toBe(3);
  });

  test("of a window begin with the rates that links have then", () => {
    const all = traced(busy());
    const midway = all.events
      .filter(({ cat, ts }) => cat === "links" && ts > 5e6)
      .map(({ ts, dur = 0 }) => (ts + dur / 2) / 1e6)
      .slice(0, 5);
    for (const fromSeconds of midway) {
      const { events } = traced(busy(), { fromSeconds, untilSeconds: fromSeconds + 3 });
      const rates = (each: readonly Event[]) =>
        new Map(
          each
            .filter(({ name, ts }) => name.endsWith(" rate") && ts <= fromSeconds * 1e6 + 0.001)
            .map(({ name, args }) => [name, args?.gigabytes_per_second ?? 0] as const),
        );
      const moving = [...rates(all.events)].filter(([, rate]) => Number(rate) > 0);
      expect(moving.length).toBeGreaterThan(0);
      expect([...rates(events)].filter(([, rate]) => Number(rate) > 0).sort()).toEqual(moving.sort());
    }
  });

  test("change nothing of the run", () => {
    const { timeline: _, ...record } = traced(busy()).record;
    expect(record).toEqual(simulate(scenarioInputs(busy())));
  });
});

function threadsOf(events: readonly Event[]) {
  return events.flatMap(({ name, pid, tid, args }) =>
    name === "thread_name" ? [{ name: String(args?.name), pid, tid }] : [],
  );
}

describe("bars of a figure, where models are swapped", () => {
  const area = ({ bars }: BusyBars, row: number) =>
    bars
      .filter((bar) => bar.row === row && !bar.isStrip)
      .reduce((sum, { startSeconds, endSeconds, low, high }) => sum + (endSeconds - startSeconds) * (high - low), 0);

  test.each([100_000, 100])(
    "in rows of processors (%i pixels), whose area is the time that these are busy",
    (width) => {
      const { record, columns } = traced(busy());
      const bars = busyBars(record, columns, ALWAYS, width);
      expect(bars.rows).toEqual(["server 0 gpu 0", "server 1 gpu 0", "server 2 gpu 0"]);
      for (const { index, busySeconds } of record.swapping.groups)
        expect(area(bars, index)).toBeCloseTo(busySeconds, 6);
      const named = record.swapping.models.map(({ name }) => name);
      expect([...bars.kinds.values()].sort()).toEqual([...named, "weights on their way"].sort());
      if (!bars.hasShares) {
        const loads = bars.bars.filter(({ isStrip }) => isStrip);
        expect(loads.length).toBe(record.swapping.models.reduce((sum, model) => sum + model.loads, 0));
      }
    },
  );
});
