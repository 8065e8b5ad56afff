import { describe, expect, test } from "vitest";
import { run, type Setting, timesOf } from "./inputs.ts";

// Prefills of b tokens take b / 1024 s and iterations of decodes 1/16 s (inputs.ts), so every time below is computed by
// hand and exact, but for mixed iterations: prefill time x 1.1.

const never = [Number.NaN, Number.NaN];

describe("one request", () => {
  test("prefills at once, then yields its other tokens one iteration at a time", () => {
    const record = run({ rows: [{ arrival: 1, prompt: 512, output: 5 }] });
    expect(timesOf(record, 0)).toEqual({ arrival: 1, prefill: [1, 1.5], decode: [1.5, 1.75], completion: 1.75 });
    expect(record).toMatchObject({ endSeconds: 1.75, unfinishedReasons: [], instanceLogs: [] });
    expect(record.instances).toEqual([
      {
        id: 0,
        applicationId: 0,
        processorName: "gpu",
        processors: 1,
        tag: null,
        memoryBytes: 1_000_000,
        busySeconds: 0.75,
      },
    ]);
    // 1 prefill and 4 decodes, in one event each beside the arrival.
    expect(record.counts).toEqual({ events: 3, iterations: 5 });
  });

  test("of one output token ends with its prefill, and its memory is free again", () => {
    const rows = [1, 1, 2].map((arrival) => ({ arrival, prompt: 512, output: 1 }));
    const record = run({ rows, gpuBytes: 513 });
    expect(timesOf(record, 0)).toEqual({ arrival: 1, prefill: [1, 1.5], decode: never, completion: 1.5 });
    expect(timesOf(record, 2)).toMatchObject({ prefill: [2, 2.5], completion: 2.5 });
  });

  test("at time 0 is served by default", () => {
    expect(timesOf(run({ rows: [{ arrival: 0, prompt: 512, output: 1 }] }), 0)).toMatchObject({ prefill: [0, 0.5] });
  });

  test("with a batch size takes as many times the memory, not the time", () => {
    const rows = [1, 1].map((arrival) => ({ arrival, prompt: 512, output: 5, batchSize: 2 }));
    const record = run({ rows, gpuBytes: 2 * 517 });
    expect(timesOf(record, 0)).toMatchObject({ prefill: [1, 1.5], decode: [1.5, 1.75] });
    expect(timesOf(record, 1)).toMatchObject({ prefill: [1.75, 2.25] });
  });
});

describe("two requests on one instance", () => {
  test("a prefill ends the running stretch of decodes at the next iteration boundary and joins them", () => {
    const record = run({
      rows: [
        { arrival: 0, prompt: 512, output: 17 },
        { arrival: 0.6, prompt: 256, output: 2 },
      ],
    });
    const joined = 0.625 + (257 / 1024) * 1.1;
    expect(timesOf(record, 1)).toMatchObject({ prefill: [0.625, joined], decode: [joined, joined + 1 / 16] });
    // 2 iterations before, 1 in the mixed batch, 1 with the other decode, 12 alone.
    expect(timesOf(record, 0).decode).toEqual([0.5, joined + 1 / 16 + 12 / 16]);
  });

  test("a prefill above the token budget runs alone, and decodes wait for it", () => {
    const rows = [
      { arrival: 0, prompt: 512, output: 17 },
      { arrival: 0.6, prompt: 1024, output: 1 },
    ];
    const record = run({ rows, instance: { max_batch_tokens: 600 } });
    expect(timesOf(record, 1)).toMatchObject({ prefill: [0.625, 1.625] });
    expect(timesOf(record, 0).decode).toEqual([0.5, 1.625 + 14 / 16]);
  });

  test("an arrival at the very end of a stretch does not lengthen it", () => {
    const rows = [
      { arrival: 1, prompt: 64, output: 5 },
      { arrival: 1.3125, prompt: 64, output: 1 },
    ];
    const record = run({ rows });
    expect(timesOf(record, 0)).toMatchObject({ decode: [1.0625, 1.3125], completion: 1.3125 });
    expect(timesOf(record, 1)).toMatchObject({ prefill: [1.3125, 1.375] });
  });

  test("that do not fit together run one after the other", () => {
    const rows = [0, 0].map((arrival) => ({ arrival, prompt: 512, output: 5 }));
    const together = run({ rows, gpuBytes: 2 * 517 });
    const alone = run({ rows, gpuBytes: 2 * 517 - 1 });
    expect(timesOf(together, 1)).toMatchObject({ prefill: [0.5, 0.5 + (513 / 1024) * 1.1] });
    expect(timesOf(alone, 1)).toMatchObject({ prefill: [0.75, 1.25] });
  });

  test("of equal arrival where only one fits: the first one's decode goes before the second one's prefill", () => {
    for (const instance_type of ["ORCA", "Splitwise"] as const) {
      const rows = [0, 0].map((arrival) => ({ arrival, prompt: 512, output: 5 }));
      const record = run({ rows, gpuBytes: 600, instance: { instance_type } });
      expect(record.unfinishedReasons).toEqual([]);
      expect([...record.completionOrder]).toEqual([0, 1]);
    }
  });
});

describe("SplitwiseSim's admission by task", () => {
  const tight: Setting = { rows: [1, 1].map((arrival) => ({ arrival, prompt: 9, output: 5 })), gpuBytes: 20 };

  test("admits two prompts of 10 bytes into 20, and no decode ever fits: the run ends and says who is stuck and why", () => {
    const record = run({ ...tight, settings: "splitwise" });
    expect([...record.completionOrder]).toEqual([]);
    expect(record.unfinishedReasons).toEqual([
      expect.stringMatching(/^Instance gpu_0 is stuck with 2 unfinished requests: request 0 needs .* for its decode/),
    ]);
  });

  test("by request, the default, lets the second one wait, and both are served", () => {
    const record = run(tight);
    expect([...record.completionOrder]).toEqual([0, 1]);
    expect(timesOf(record, 1).prefill[0]).toBe(timesOf(record, 0).completion);
  });
});

describe("overheads", () => {
  const rows = [{ arrival: 1, prompt: 512, output: 5 }];

  test("of routing delay the request, which still arrived when it did", () => {
    expect(timesOf(run({ rows, routingDelay: 0.25 }), 0)).toEqual({
      arrival: 1,
      prefill: [1.25, 1.75],
      decode: [1.75, 2],
      completion: 2,
    });
  });

  test("of submitting a task delay each of its two tasks, or both together if they are submitted together", () => {
    const overheads = { submit_task: 0.25 };
    expect(timesOf(run({ rows, overheads }), 0)).toMatchObject({ prefill: [1.25, 1.75], decode: [2, 2.25] });
    const chained = run({ rows, overheads, engine: { decode_submission: "with_prefill" } });
    expect(timesOf(chained, 0)).toMatchObject({ prefill: [1.25, 1.75], decode: [1.75, 2] });
  });

  test("of submitting do not let a decode pass its own prefill where heapq swaps equal times", () => {
    const many = Array.from({ length: 6 }, () => ({ arrival: 1, prompt: 64, output: 3 }));
    const record = run({ rows: many, overheads: { submit_task: 0.25 }, settings: "splitwise" });
    expect([...record.completionOrder].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    many.forEach((_, row) => {
      const { prefill, decode } = timesOf(record, row);
      expect(prefill[1]).toBeLessThanOrEqual(decode[0]);
    });
  });

  test("of finishing a request delay its completion, not its memory", () => {
    const two = [...rows, { arrival: 1, prompt: 512, output: 5 }];
    const record = run({ rows: two, overheads: { finish_request: 0.5 }, gpuBytes: 600 });
    expect(timesOf(record, 0)).toMatchObject({ decode: [1.5, 1.75], completion: 2.25 });
    expect(timesOf(record, 1)).toMatchObject({ prefill: [1.75, 2.25], completion: 3 });
  });
});

describe("the end time", () => {
  const rows = [1, 3].map((arrival) => ({ arrival, prompt: 512, output: 5 }));

  test("cuts the run off exactly there, and the unfinished are counted", () => {
    const record = run({ rows, endTime: 3.6 });
    expect([...record.completionOrder]).toEqual([0]);
    expect(timesOf(record, 1)).toMatchObject({ prefill: [3, 3.5], completion: Number.NaN });
    expect(record.endSeconds).toBe(3.6);
    expect(record.unfinishedReasons).toEqual(["1 requests were unfinished at end_time = 3.6 s."]);
  });

  test("lets SplitwiseSim execute one event more", () => {
    const record = run({ rows, endTime: 3.6, settings: "splitwise" });
    expect(timesOf(record, 1)).toMatchObject({ completion: 3.75 });
    expect(record.endSeconds).toBe(3.75);
  });

  test("does not count a batch that it cut off as busy time", () => {
    expect(run({ rows, endTime: 3.25 }).instances[0].busySeconds).toBe(0.75);
  });

  test("after everything is done changes nothing: the clock stays at the last event", () => {
    expect(run({ rows, endTime: 100 }).endSeconds).toBe(3.75);
  });

  test("before a request arrives leaves it without a prefill", () => {
    expect(timesOf(run({ rows, endTime: 2.5 }), 1).prefill).toEqual([Number.NaN, Number.NaN]);
  });
});

test("a trace that is not sorted by arrival gives each request what the sorted trace gives it", () => {
  const rows = [5, 1, 3, 1, 4, 2].map((arrival, id) => ({ arrival: arrival / 4, prompt: 100 + id, output: 9, id }));
  const shuffled = run({ rows });
  const sorted = run({ rows: rows.toSorted((a, b) => a.arrival - b.arrival) });
  rows.forEach(({ id }, row) => {
    const place = [...sorted.trace.requestId].indexOf(id);
    expect(timesOf(shuffled, row)).toEqual(timesOf(sorted, place));
  });
  const ids = ({ trace, completionOrder }: typeof sorted) => [...completionOrder].map((row) => trace.requestId[row]);
  expect(ids(shuffled)).toEqual(ids(sorted));
});

describe("instances", () => {
  test("are numbered through the SKU groups, with their processors' names", () => {
    const servers = [
      { sku: "big-node", count: 1 },
      { sku: "pair", count: 1 },
    ];
    const { instances } = run({ servers });
    expect(instances.map(({ id, processorName }) => [id, processorName])).toEqual([
      [0, "big-gpu"],
      [1, "gpu"],
      [2, "gpu"],
    ]);
  });

  test("own as many processors as their tensor parallelism by default, and the whole server in SplitwiseSim", () => {
    const setting: Setting = { servers: [{ sku: "quad", count: 1 }], instance: { tensor_parallelism: 2 } };
    expect(run(setting).instances).toHaveLength(2);
    expect(run({ ...setting, settings: "splitwise" }).instances).toHaveLength(1);
  });

  test("have the memory of all their processors", () => {
    const rows = [{ arrival: 1, prompt: 170, output: 20 }];
    const setting: Setting = { rows, gpuBytes: 100, servers: [{ sku: "pair", count: 1 }] };
    expect(run({ ...setting, instance: { tensor_parallelism: 2 } }).unfinishedReasons).toEqual([]);
    expect(() => run(setting)).toThrow("can never be served");
  });
});

describe("several applications", () => {
  const rows = [1, 2].map((arrival) => ({ arrival, prompt: 512, output: 5, application: 1 }));
  const applications = [{ application_id: 0 }, { application_id: 1, scheduler: "jsq" }];

  test("requests go to the application that the trace names, whose instances the start state makes", () => {
    const record = run({ rows, applications, startState: { application_id: 1 } });
    expect([...record.completionOrder]).toEqual([0, 1]);
    expect(record.instances.map(({ applicationId, id }) => [applicationId, id])).toEqual([[1, 0]]);
  });

  test("one without instances fails at its first request, and says which it is", () => {
    expect(() => run({ rows, applications })).toThrow("No instances available for application 1.");
  });
});

describe("transfers of KV caches", () => {
  /** One prefill and one decode instance, joined by a link of so many bytes per second. */
  function split(rows: Setting["rows"], bytesPerSecond: number, more: Setting = {}) {
    const record = run({
      rows: rows ?? [],
      scheduler: "kv_round_robin",
      servers: [{ sku: "node", count: 2 }],
      startState: { state_type: "splitwise_1_1" },
      applications: [{ scheduler_parameters: { transfer_bandwidth: bytesPerSecond / 2 ** 30 } }],
      ...more,
    });
    const transfer = (row: number) => [
      record.outcomes.transferStartSeconds[row],
      record.outcomes.transferEndSeconds[row],
    ];
    return { record, transfer };
  }

  test("lie between prefill and decode, and take the prompt's KV cache over the bandwidth", () => {
    const { record, transfer } = split([{ arrival: 1, prompt: 512, output: 5 }], 512);
    expect(timesOf(record, 0)).toEqual({ arrival: 1, prefill: [1, 1.5], decode: [2.5, 2.75], completion: 2.75 });
    expect(transfer(0)).toEqual([1.5, 2.5]);
    expect([record.outcomes.prefillInstance[0], record.outcomes.decodeInstance[0]]).toEqual([0, 1]);
    expect(record.instances.map(({ tag, busySeconds }) => [tag, busySeconds])).toEqual([
      ["prompt", 0.5],
      ["token", 0.25],
    ]);
  });

  test("are ten times as fast where a scheduler overlaps them with prefills", () => {
    const { transfer } = split([{ arrival: 1, prompt: 640, output: 5 }], 64, { scheduler: "overlap_kv_jsq" });
    expect(transfer(0)).toEqual([1.625, 2.625]);
  });

  test("start after the executor's overhead for them", () => {
    const { transfer } = split([{ arrival: 1, prompt: 512, output: 5 }], 512, { overheads: { submit_flow: 0.25 } });
    expect(transfer(0)).toEqual([1.75, 2.75]);
  });

  test("of requests of one output token are left out", () => {
    const { record, transfer } = split([{ arrival: 1, prompt: 512, output: 1 }], 512);
    expect(timesOf(record, 0)).toEqual({ arrival: 1, prefill: [1, 1.5], decode: never, completion: 1.5 });
    expect(transfer(0)).toEqual(never);
  });

  // Request 0 decodes from 0.5 + 1/2048 for a second; beside it the 556 bytes of request 1 do not fit into 1,000.
  const competing = [
    { arrival: 0, prompt: 512, output: 17 },
    { arrival: 0, prompt: 256, output: 300 },
  ];

  test("that find no memory start as soon as it is released", () => {
    const { record, transfer } = split(competing, 2 ** 20, { gpuBytes: 1000 });
    expect(timesOf(record, 0).completion).toBe(1.5 + 1 / 2048);
    expect(timesOf(record, 1).prefill).toEqual([0.5, 0.75]);
    expect(transfer(1)).toEqual([1.5 + 1 / 2048, 1.5 + 1 / 2048 + 1 / 4096]);
  });

  test("that find no memory are tried again every second in SplitwiseSim", () => {
    const { transfer } = split(competing, 2 ** 20, { gpuBytes: 1000, engine: { transfer_retry: "every_second" } });
    expect(transfer(1)).toEqual([1.75, 1.75 + 1 / 4096]);
  });

  test("keep the KV cache at the prefill's instance until they end", () => {
    const rows = [0, 0].map((arrival) => ({ arrival, prompt: 512, output: 5 }));
    const { record } = split(rows, 512, { gpuBytes: 1025 });
    // 513 bytes each: the second prompt fits only when the first one has left, at 0.5 + 1 s.
    expect(timesOf(record, 1).prefill).toEqual([1.5, 2]);
  });
});

describe("the random scheduler", () => {
  const rows = Array.from({ length: 8 }, (_, index) => ({ arrival: 1 + index, prompt: 64, output: 2 }));
  const chosen = (setting: Setting) => [
    ...run({ rows, scheduler: "random", servers: [{ sku: "node", count: 3 }], ...setting }).outcomes.prefillInstance,
  ];

  // numpy.random.seed(s); [numpy.random.choice(3) for _ in range(8)], NumPy's legacy generator.
  test("draws as NumPy does in SplitwiseSim, from its own seed", () => {
    const settings = "splitwise";
    expect(chosen({ settings, numpySeed: 0 })).toEqual([0, 1, 0, 1, 1, 2, 0, 2]);
    expect(chosen({ settings, numpySeed: 0, seed: 5 })).toEqual([0, 1, 0, 1, 1, 2, 0, 2]);
    expect(chosen({ settings, seed: 0 })).toEqual([0, 1, 0, 1, 1, 2, 0, 2]);
  });

  test("draws from a stream of the seed by default", () => {
    expect(chosen({ seed: 1 })).toEqual(chosen({ seed: 1, numpySeed: 7 }));
    expect([1, 2, 3, 4].map((seed) => chosen({ seed }).join())).not.toEqual(Array(4).fill(chosen({ seed: 0 }).join()));
  });
});

test("instances log their stretches in debug mode only, and the log changes nothing else", () => {
  const rows = [{ arrival: 1, prompt: 512, output: 5 }];
  const { instanceLogs, ...record } = run({ rows, debug: true, weightBytes: 7 });
  expect({ ...record, instanceLogs: [] }).toEqual(run({ rows, weightBytes: 7 }));
  const shared = {
    batchSize: 1,
    memoryBytes: 7 + 517,
    pendingRequests: 1,
    pendingTasks: 0,
    blockedTasks: 0,
    pendingPrefills: 0,
    earliestRequestId: 0,
    memoryAllocations: 2,
    pendingTokens: 0,
  };
  expect(instanceLogs).toEqual([
    {
      instance: 0,
      rows: [
        {
          ...shared,
          iterationStartSeconds: 1,
          iterationEndSeconds: 1.5,
          prefillsInBatch: 1,
          contiguousIterations: 1,
          batchTokens: 512,
        },
        {
          ...shared,
          iterationStartSeconds: 1.5,
          iterationEndSeconds: 1.75,
          prefillsInBatch: 0,
          contiguousIterations: 4,
          batchTokens: 1,
        },
      ],
    },
  ]);
});

test("an empty trace gives an empty record", () => {
  expect(run({})).toMatchObject({ endSeconds: 0, unfinishedReasons: [], counts: { events: 0, iterations: 0 } });
});
