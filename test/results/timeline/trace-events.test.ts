import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { TraceEvents } from "../../../src/results/timeline/trace-events.ts";
import { tracePieces } from "../../../src/results/timeline/write-trace.ts";
import { createRandomStream } from "../../../src/sim/kernel/random.ts";
import type { RunRecord } from "../../../src/sim/recorder.ts";
import { simulate } from "../../../src/sim/simulation.ts";
import { INEXACT_TIMES, inputsOf, type Setting } from "../../sim/inputs.ts";
import { type Event, endOf, expectValid, flows, sliceAt, slicesByThread } from "./events.ts";

const ALWAYS = { fromSeconds: 0, untilSeconds: Number.POSITIVE_INFINITY };

interface Traced {
  readonly record: RunRecord;
  readonly events: readonly Event[];
  readonly made: TraceEvents;
}

function traced(
  setting: Setting,
  { mostEvents = 1e9, ...window }: Partial<typeof ALWAYS & { mostEvents: number }> = {},
): Traced {
  const bounds = { ...ALWAYS, ...window };
  const record = simulate({ ...inputsOf(setting), timeline: { ...bounds, mostSlices: mostEvents } });
  if (record.timeline === undefined) throw new Error("no timeline was recorded");
  const made = new TraceEvents(record, record.timeline, { ...bounds, mostEvents });
  const text = [...tracePieces(made, {})].join("");
  return { record, made, events: JSON.parse(text).traceEvents };
}

// A prefill of 512 tokens takes half a second, a decode iteration a sixteenth. A token is a byte, and travels at 16 bytes/s.
const SPLIT: Setting = {
  scheduler: "kv_round_robin",
  servers: [
    { sku: "node", count: 1 },
    { sku: "big-node", count: 1 },
  ],
  startState: { state_type: "splitwise_1_1" },
};

/** `count` requests over pools of 20 servers each. */
function large(count: number): Setting {
  const stream = createRandomStream(1, "timeline test");
  const rows = Array.from({ length: count }, (_, index) => ({
    arrival: index / 40,
    prompt: 1 + stream.below(1500),
    output: 1 + stream.below(60),
  }));
  const pool = {
    instance_type: "Splitwise",
    max_batch_size: 16,
    max_batch_tokens: 2048,
    max_preemptions: 4,
    pipeline_parallelism: 1,
    tensor_parallelism: 1,
  } as const;
  return {
    rows,
    times: INEXACT_TIMES,
    scheduler: "kv_token_jsq",
    servers: [
      { sku: "node", count: 20 },
      { sku: "big-node", count: 20 },
    ],
    startState: {
      state_type: "splitwise_20_20",
      prompt: { ...pool, num_instances: 20, instance_names: ["node"] },
      token: { ...pool, num_instances: 20, instance_names: ["big-node"] },
    },
  };
}

describe("trace events", () => {
  test("show a split request as prefill, transfer and decode, with an arrow through them (worked by hand)", () => {
    const { events } = traced({ ...SPLIT, rows: [{ arrival: 1, prompt: 512, output: 5, id: 7 }] });
    expectValid(events);
    const transfer = events.find(({ cat }) => cat === "transfer");
    const transferred = endOf(transfer as Event) / 1e3;
    const work = events.filter(({ ph, cat }) => ph === "X" && cat !== "transfer");
    expect(work).toMatchObject([
      {
        name: "prefill",
        pid: 1,
        ts: 1e6,
        dur: 0.5e6,
        args: { iterations: 1, prefills: 1, prompt_tokens: 512, decodes: 0 },
      },
      { name: "decode", pid: 2, ts: transferred, dur: 0.25e6, args: { iterations: 4, prefills: 0, decodes: 1 } },
    ]);
    expect(transfer).toMatchObject({
      name: "KV cache",
      pid: 1,
      ts: 1.5e6,
      // A token is a byte, and kv_round_robin moves 200 GiB/s.
      args: {
        request: 7,
        to: "big-gpu_1 (token)",
        gigabytes: 512e-9,
        gigabytes_per_second: expect.closeTo(214.7484, 3),
      },
    });
    const underWay = events.filter(({ name }) => name === "KV caches from gpu_0 under way");
    expect(underWay.map(({ ts, args }) => [ts, args?.bytes])).toEqual([
      [1.5e6, 512],
      [transferred, 0],
    ]);
    const [flow] = flows(events).values();
    expect(flow.map(({ ph, pid }) => [ph, pid])).toEqual([
      ["s", 1],
      ["t", 1],
      ["f", 2],
    ]);
    expect(flow[0].args).toEqual({ request: 7, arrival_s: 1, prompt_tokens: 512, output_tokens: 5 });
    const names = events.filter(({ name }) => name === "process_name").map(({ args }) => args?.name);
    expect(names).toEqual(["server 0 (node)", "server 1 (big-node)"]);
  });

  test("count batch, queue and memory as slices begin, and an idle batch as 0 (worked by hand)", () => {
    // One prefill at a time, from 1 s and from 1.5 s, while the first decode waits.
    const rows = [
      { arrival: 1, prompt: 512, output: 5 },
      { arrival: 1.25, prompt: 512, output: 1 },
    ];
    const { events } = traced({ rows, instance: { max_batch_tokens: 512 } });
    expectValid(events);
    const counter = (of: string) =>
      events
        .filter(({ ph, name }) => ph === "C" && name === `gpu_0 ${of}`)
        .map(({ ts, args }) => [ts / 1e6, ...Object.values(args ?? {})]);
    expect(counter("batch")).toEqual([
      [1, 1],
      [2.25, 0],
    ]);
    expect(counter("queue")).toEqual([
      [1, 0],
      [1.5, 1],
      [2, 0],
    ]);
    expect(counter("memory")).toEqual([
      [1, 517],
      [1.5, 1030],
      [2, 517],
    ]);
  });

  test("of 40 servers are valid, agree with utilisation and TTFT, and have an arrow for every request", () => {
    const { events, record, made } = traced(large(2000));
    expect(record.unfinishedReasons).toEqual([]);
    expect(made.leftOut).toBeUndefined();
    expectValid(events);
    const threads = slicesByThread(events.filter(({ cat }) => cat === "iterations"));
    const busy = [...threads.values()].map((slices) => slices.reduce((sum, { dur = 0 }) => sum + dur / 1e6, 0));
    const expected = record.instances.map(({ busySeconds }) => busySeconds).filter((seconds) => seconds > 0);
    expect(busy.sort()).toEqual(expected.sort().map((seconds) => expect.closeTo(seconds, 5)));
    const everyThread = slicesByThread(events);
    const arrows = flows(events);
    const { trace, outcomes } = record;
    for (let row = 0; row < trace.count; row++) {
      if (trace.outputTokens[row] === 1) continue;
      const flow = arrows.get(row) ?? [];
      const stops = flow.map((event) => sliceAt(everyThread, event) as Event);
      expect(stops.map(({ name }) => name)).toEqual(expect.arrayContaining(["prefill", "KV cache", "decode"]));
      const ttft = endOf(stops[0]) / 1e9 - Number(flow[0].args?.arrival_s);
      expect(ttft).toBeCloseTo(outcomes.prefillEndSeconds[row] - trace.arrivalSeconds[row], 8);
      expect(endOf(stops.at(-1) as Event) / 1e9).toBeCloseTo(outcomes.decodeEndSeconds[row], 8);
    }
  });

  test("put transfers of one instance that overlap on lanes of their own", () => {
    const rows = [1, 1.125, 1.25].map((arrival) => ({ arrival, prompt: 128, output: 9 }));
    const kvLinks = { _target_: "kv_links.Private", latency: 2 } as const;
    const { events } = traced({ ...SPLIT, rows, kvLinks });
    expectValid(events);
    const lanes = new Set(events.filter(({ cat }) => cat === "transfer").map(({ tid }) => tid));
    expect(lanes.size).toBe(3);
    const names = events.flatMap(({ name, tid, args }) =>
      name === "thread_name" && lanes.has(tid) ? [args?.name] : [],
    );
    expect(names).toEqual(["KV caches from gpu_0", "KV caches from gpu_0 (2)", "KV caches from gpu_0 (3)"]);
    // Each is 128 bytes, and one sets out an eighth of a second after the other.
    const underWay = events.filter(({ name }) => name === "KV caches from gpu_0 under way");
    const values = underWay.sort((a, b) => a.ts - b.ts).map(({ args }) => args?.bytes);
    expect(values).toEqual([128, 256, 384, 256, 128, 0]);
  });

  test("give every stage of a pipeline a thread, and count queue and memory once", () => {
    const engine = parse(readFileSync(new URL("../../../conf/engine/distserve.yaml", import.meta.url), "utf8"));
    const rows = [0, 0.1, 0.2].map((arrival) => ({ arrival, prompt: 100, output: 6 }));
    const servers = [{ sku: "pair", count: 1 }];
    const { events } = traced({ rows, servers, instance: { pipeline_parallelism: 2 }, engine, times: INEXACT_TIMES });
    expectValid(events);
    const names = events.filter(({ name }) => name === "thread_name").map(({ args }) => args?.name);
    expect(names).toEqual(["gpu_0 stage 0", "gpu_0 stage 1"]);
    const counters = new Set(events.filter(({ ph }) => ph === "C").map(({ name }) => name));
    expect([...counters].sort()).toEqual([
      "gpu_0 stage 0 batch",
      "gpu_0 stage 0 memory",
      "gpu_0 stage 0 queue",
      "gpu_0 stage 1 batch",
    ]);
  });

  test("stop at the limit, with all that ended before, and say what is missing", () => {
    const all = traced(large(400));
    const isSlice = ({ cat }: Event) => cat === "iterations" || cat === "transfer";
    for (const mostEvents of [1, 10, 500, all.made.events - 1]) {
      const { events, made } = traced(large(400), { mostEvents });
      expectValid(events);
      expect(made.events).toBeLessThanOrEqual(mostEvents);
      const { leftOut } = made;
      if (leftOut === undefined) throw new Error("nothing was left out");
      const shown = events.filter(isSlice);
      expect(shown.length + leftOut.slices + leftOut.transfers).toBe(all.events.filter(isSlice).length);
      const until = leftOut.from_seconds * 1e9 - 1;
      const ended = (slice: Event) => isSlice(slice) && endOf(slice) < until;
      expect(shown.filter(ended)).toEqual(all.events.filter(ended));
      expect(events.at(-1)).toMatchObject({ ph: "i", ts: expect.closeTo(leftOut.from_seconds * 1e6, 2) });
    }
    expect(traced(large(400), { mostEvents: all.made.events }).made.leftOut).toBeUndefined();
  });

  test("of a window are those that last or begin in it", () => {
    const all = traced(large(400));
    const window = { fromSeconds: 3, untilSeconds: 4.5 };
    const { events } = traced(large(400), window);
    expectValid(events);
    const slices = (of: readonly Event[]) =>
      of.filter(({ ph }) => ph === "X").map(({ ts, dur, name }) => `${name} ${ts} ${dur}`);
    const within = all.events.filter(({ ts, dur = 0 }) => ts + dur > 3e6 && ts < 4.5e6);
    expect(slices(events).sort()).toEqual(slices(within).sort());
    expect(flows(events).size).toBeGreaterThan(10);
  });
});
