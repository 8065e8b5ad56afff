import { describe, expect, test } from "vitest";
import { run, type Setting, timesOf } from "../inputs.ts";

/** DEFAULT instances: every prefill takes 1 s and every decode 10 s. */
function served(rows: Setting["rows"], more: Setting = {}) {
  const { instance, ...rest } = more;
  return run({
    rows: rows ?? [],
    constant: { prompt_time: 1, token_time: 10 },
    instance: { instance_type: "DEFAULT", ...instance },
    ...rest,
  });
}

const two = [
  { arrival: 1, prompt: 100, output: 5 },
  { arrival: 1.5, prompt: 900, output: 500 },
];

describe("a DEFAULT instance", () => {
  test("runs one whole task at a time, first come, first served; a decode comes when its prefill is done", () => {
    const record = served(two);
    expect(timesOf(record, 0)).toEqual({ arrival: 1, prefill: [1, 2], decode: [3, 13], completion: 13 });
    expect(timesOf(record, 1)).toEqual({ arrival: 1.5, prefill: [2, 3], decode: [13, 23], completion: 23 });
    expect(record.instances[0].busySeconds).toBe(22);
  });

  test("has the decode in its queue from the start if both are submitted together (SplitwiseSim)", () => {
    const record = served(two, { engine: { decode_submission: "with_prefill" } });
    expect(timesOf(record, 0)).toMatchObject({ prefill: [1, 2], decode: [2, 12] });
    expect(timesOf(record, 1)).toMatchObject({ prefill: [12, 13], decode: [13, 23] });
  });

  test("starts at once when it is idle, whatever ran before", () => {
    const record = served([two[0], { ...two[1], arrival: 50 }]);
    expect(timesOf(record, 1)).toMatchObject({ prefill: [50, 51], decode: [51, 61] });
    expect(record.instances[0].busySeconds).toBe(22);
  });

  test("is done with a request of one output token after its prefill", () => {
    const record = served([{ arrival: 1, prompt: 100, output: 1 }, two[1]]);
    expect(timesOf(record, 0)).toMatchObject({ completion: 2, decode: [Number.NaN, Number.NaN] });
    expect(timesOf(record, 1)).toMatchObject({ prefill: [2, 3], decode: [3, 13] });
  });

  test("works under every scheduler", () => {
    for (const scheduler of ["round_robin", "random", "jsq", "token_jsq"]) {
      const record = served(two, { scheduler, servers: [{ sku: "node", count: 2 }] });
      expect(record.unfinishedReasons).toEqual([]);
    }
  });

  test("says at the end time that requests are left", () => {
    expect(served(two, { endTime: 5 }).unfinishedReasons).toEqual(["2 requests were unfinished at end_time = 5 s."]);
  });

  describe("with 300 bytes", () => {
    /** 150 and 200 bytes with all their tokens. */
    const rows = [
      { arrival: 1, prompt: 100, output: 50 },
      { arrival: 1.5, prompt: 100, output: 100 },
    ];

    test("lets a prefill wait until its whole request fits, and a decode pass it", () => {
      const record = served(rows, { gpuBytes: 300 });
      expect(timesOf(record, 0)).toMatchObject({ prefill: [1, 2], decode: [2, 12] });
      expect(timesOf(record, 1)).toMatchObject({ prefill: [12, 13], decode: [13, 23] });
    });

    test("lets prefills behind one that does not fit wait too", () => {
      const record = served([...rows, { arrival: 1.6, prompt: 1, output: 2 }], { gpuBytes: 300 });
      expect(timesOf(record, 2).prefill).toEqual([13, 14]);
    });

    test("never asks for memory when tasks are admitted one by one (SplitwiseSim)", () => {
      const record = served(rows, { gpuBytes: 300, engine: { admission: "task" } });
      expect(timesOf(record, 1)).toMatchObject({ prefill: [2, 3], decode: [13, 23] });
    });

    test("goes on when a KV cache has left it", () => {
      // Prefills hold 101 bytes each, so the third waits; the first cache is away after 100 bytes / 25 bytes/s.
      const record = served([...rows, { arrival: 1.6, prompt: 100, output: 2 }], {
        gpuBytes: 300,
        servers: [
          { sku: "node", count: 1 },
          { sku: "big-node", count: 1 },
        ],
        startState: { state_type: "splitwise_1_1" },
        scheduler: "kv_jsq",
        applications: [{ scheduler_parameters: { transfer_bandwidth: 25 / 2 ** 30 } }],
      });
      expect([0, 1, 2].map((row) => timesOf(record, row).prefill)).toEqual([
        [1, 2],
        [2, 3],
        [6, 7],
      ]);
    });
  });
});
