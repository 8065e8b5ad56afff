import { describe, expect, test } from "vitest";
import { type BusyBars, busyBars } from "../../../src/results/timeline/busy-bars.ts";
import type { TimelineColumns } from "../../../src/sim/recorder.ts";
import { simulate } from "../../../src/sim/simulation.ts";
import { INEXACT_TIMES, inputsOf, type Setting } from "../../sim/inputs.ts";

const ALWAYS = { fromSeconds: 0, untilSeconds: Number.POSITIVE_INFINITY };

function drawn(setting: Setting, width: number, window = ALWAYS) {
  const record = simulate({ ...inputsOf(setting), timeline: { ...window, mostSlices: 1e6 } });
  const bars = busyBars(record, record.timeline as TimelineColumns, window, width);
  return { record, bars };
}

const area = ({ bars }: BusyBars, row: number) =>
  bars
    .filter((bar) => bar.row === row && bar.kind !== "transfer")
    .reduce((sum, { startSeconds, endSeconds, low, high }) => sum + (endSeconds - startSeconds) * (high - low), 0);

const rows = Array.from({ length: 60 }, (_, index) => ({
  arrival: index / 8,
  prompt: 20 + 7 * (index % 9),
  output: 1 + (index % 13),
}));
const SETTING: Setting = { rows, times: INEXACT_TIMES, servers: [{ sku: "node", count: 2 }] };

describe("bars of a figure", () => {
  test.each([
    { width: 10_000, hasShares: false, what: "slices" },
    { width: 100, hasShares: true, what: "shares of the time" },
  ])("$width pixels show $what, whose area is the time that each instance is busy", ({ width, hasShares }) => {
    const { record, bars } = drawn(SETTING, width);
    expect(bars.hasShares).toBe(hasShares);
    expect(bars.rows).toEqual(["gpu_0", "gpu_1"]);
    record.instances.forEach(({ busySeconds }, row) => {
      expect(busySeconds).toBeGreaterThan(1);
      expect(area(bars, row)).toBeCloseTo(busySeconds, 9);
    });
    // Two pixels a column, of three kinds of work at most.
    if (hasShares) expect(bars.bars.length).toBeLessThanOrEqual(2 * 3 * (width / 2));
  });

  test.each([10_000, 40])("end at the edges of the window (%i pixels)", (width) => {
    const { bars } = drawn(SETTING, width, { fromSeconds: 2.01, untilSeconds: 3.02 });
    expect(bars).toMatchObject({ startSeconds: 2.01, endSeconds: 3.02 });
    const starts = bars.bars.map(({ startSeconds }) => startSeconds);
    const ends = bars.bars.map(({ endSeconds }) => endSeconds);
    expect(Math.min(...starts)).toBeCloseTo(2.01, 9);
    expect(Math.max(...ends)).toBeCloseTo(3.02, 9);
  });

  test("show transfers beside the slices of the instance that sends", () => {
    const servers = [
      { sku: "node", count: 1 },
      { sku: "big-node", count: 1 },
    ];
    const kvLinks = { _target_: "kv_links.Private", latency: 0.5 } as const;
    const startState = { state_type: "splitwise_1_1" };
    const setting: Setting = {
      rows: [{ arrival: 0, prompt: 1, output: 2 }],
      scheduler: "kv_round_robin",
      servers,
      startState,
      kvLinks,
    };
    const { bars } = drawn(setting, 1000);
    expect(bars.bars.map(({ row, kind }) => [row, kind])).toEqual([
      [0, "prefill"],
      [1, "decode"],
      [0, "transfer"],
    ]);
  });
});
