/** Worked by hand: a prefill of b tokens takes b / 1024 s, an iteration of decodes 1/16 s, a byte of weights 1/100 s. */
import { describe, expect, test } from "vitest";
import { simulate } from "../../../src/sim/simulation.ts";
import { INEXACT_TIMES, thrownBy } from "../inputs.ts";
import { type Scenario, scenarioInputs, swap } from "./scenario.ts";

const PROMPT = 512; // half a second
/** Two models of which one fits at a time, and a request for each. */
const TWO: Scenario = {
  weights: [400, 400],
  gpuBytes: 1000,
  rows: [
    { arrival: 0, prompt: PROMPT, output: 17, application: 0 },
    { arrival: 1, prompt: PROMPT, output: 17, application: 1 },
  ],
};

function seconds(scenario: Scenario) {
  const { outcomes } = swap(scenario);
  return { starts: [...outcomes.prefillStartSeconds], ends: [...outcomes.completionSeconds] };
}

describe("a model that has to be loaded first", () => {
  test("serves after its weights have come, and the next one after it is idle", () => {
    // 4 s of load, 0.5 s of prefill, 16 iterations; twice.
    expect(seconds(TWO)).toEqual({ starts: [4, 9.5], ends: [5.5, 11] });
    const { swapping } = swap(TWO);
    expect([...swapping.swapWaitSeconds]).toEqual([4, 8.5]);
    expect(swapping.log.map(({ seconds: at, event, model }) => [at, event, model])).toEqual([
      [0, "load", 0],
      [4, "ready", 0],
      [5.5, "evict", 0],
      [5.5, "load", 1],
      [9.5, "ready", 1],
    ]);
    expect(swapping.groups[0]).toMatchObject({ busySeconds: 3, loadingSeconds: 8, memoryBytes: 1000 });
    expect(swapping.links.find(({ name }) => name.endsWith("in"))).toMatchObject({ busySeconds: 8, movedBytes: 800 });
  });

  test("waits for the engine, too: unload, attach, capture and warm-up", () => {
    const overheads = { unload: 0.25, attach: 1, graph_capture: 2, first_request_warmup: 0.5 };
    // 4 + 1 + 2 until the first is ready; 0.5 s more before its prefill ends; the second's load begins 0.25 s late.
    expect(seconds({ ...TWO, overheads }).ends).toEqual([9, 18.25]);
  });

  test("computes layers while others arrive, all but the last of what can be hidden", () => {
    const hidden = { ...TWO, layers: 4, swapping: { layer_pipelining: true } };
    // Prefill and load overlap by 3/4 of the prefill: max over i of load of i layers + compute of layers i..4.
    expect(seconds(hidden).ends[0]).toBe(5.5 - (0.5 * 3) / 4);
  });

  describe("hides no more of its first prefill than could be computed while layers arrived", () => {
    const pipelined: Scenario = { ...TWO, layers: 4, swapping: { layer_pipelining: true } };
    const scheduled = (arrival: number) => {
      const rows = [{ arrival, prompt: PROMPT, output: 1, application: 0 }];
      const trigger = { _target_: "load_triggers.Schedule", loads: [{ seconds: 0, model: "tiny-0", group: 0 }] };
      return seconds({ ...pipelined, rows, trigger }).ends[0];
    };

    test("nothing of a request that came after the load", () => expect(scheduled(20)).toBe(20.5));

    test("a quarter of a second of one that came so long before the last layer", () => {
      expect(scheduled(3.75)).toBe(4 + 0.25);
    });

    test("nothing of what was before the first byte: an unload", () => {
      const rows = [0, 10].map((arrival, application) => ({ arrival, prompt: 5 * PROMPT, output: 1, application }));
      const overheads = { unload: 3 };
      // 2.5 s of prefill, all but a quarter of it behind the load of 4 s that begins at 13 s.
      expect(seconds({ ...pipelined, gpuBytes: 3400, rows, overheads }).ends[1]).toBe(17 + 2.5 / 4);
    });

    test("nothing of what was before the first byte: a load that goes first", () => {
      const rows = [0, 1].map((application) => ({ arrival: 0, prompt: 5 * PROMPT, output: 1, application }));
      const inputs = scenarioInputs({ ...pipelined, gpuBytes: 3400, rows, sharing: "fifo" });
      const { weight_links: links } = inputs.config as unknown as { weight_links: object };
      const shared = { ...links, root_port: { processors: 2, bandwidth: 100 } };
      const config = { ...inputs.config, cluster: { servers: [{ sku: "pair", count: 1 }] }, weight_links: shared };
      const { outcomes, swapping } = simulate({ ...inputs, config } as typeof inputs);
      const loads = swapping?.log.filter(({ event }) => event === "load");
      expect(loads?.map(({ seconds: at, decidedSeconds }) => [at, decidedSeconds])).toEqual([
        [0, 0],
        [4, 0],
      ]);
      expect([...outcomes.completionSeconds]).toEqual([4 + 2.5 / 4, 8 + 2.5 / 4]);
    });

    test("nothing while another model computed", () => {
      const rows = [
        { arrival: 0, prompt: PROMPT, output: 65, application: 0 },
        { arrival: 1.03125, prompt: PROMPT, output: 1, application: 1 },
      ];
      // The first model's 64 iterations go on beyond 5.03125 s, when the second's weights are there, to the next boundary.
      expect(seconds({ ...pipelined, weights: [100, 400], gpuBytes: 3000, rows }).ends[1]).toBe(5.0625 + 0.5);
    });
  });

  test("is loaded in shards over the links of all its processors", () => {
    const rows = TWO.rows.map((row, index) => ({ ...row, arrival: 10 * index }));
    const inputs = scenarioInputs({ ...TWO, rows, instance: { tensor_parallelism: 2 } });
    const cluster = { servers: [{ sku: "pair", count: 1 }] };
    const { outcomes } = simulate({ ...inputs, config: { ...inputs.config, cluster } });
    expect([...outcomes.prefillStartSeconds]).toEqual([2, 12]);
  });
});

describe("memory of a model that left", () => {
  const rows = (arrival: number) => [
    { arrival: 0, prompt: PROMPT, output: 1, application: 0 },
    { arrival, prompt: PROMPT, output: 1, application: 1 },
  ];

  test("takes a load once it is unloaded, if its time to live was over", () => {
    const eviction = { _target_: "evictions.Ttl", keep_alive: 2 };
    const overheads = { unload: 1 };
    // The first model is idle from 4.5 s on, leaves at 6.5 s and is unloaded at 7.5 s.
    expect(seconds({ ...TWO, rows: rows(6.75), eviction, overheads }).ends[1]).toBe(7.5 + 4 + 0.5);
    expect(seconds({ ...TWO, rows: rows(8), eviction, overheads }).ends[1]).toBe(8 + 4 + 0.5);
  });

  test("takes a load once it is unloaded, if it was to hold where its work ended", () => {
    const swapping = { preemption: "drop", preempt_after: 0.25 } as const;
    // Told at 4.25 s, at its end at 4.5 s.
    expect(seconds({ ...TWO, rows: rows(1), swapping, overheads: { unload: 0.25 } }).ends[1]).toBe(4.75 + 4 + 0.5);
  });

  test("is that of the model whose last work is longest ago", () => {
    const requests = [
      { arrival: 0, prompt: 64, output: 161, application: 0 },
      { arrival: 5, prompt: 64, output: 1, application: 1 },
      { arrival: 20, prompt: 64, output: 1, application: 2 },
    ];
    const { log } = swap({ ...TWO, weights: [400, 400, 400], gpuBytes: 1200, rows: requests }).swapping;
    // The first model computes until after 14 s, though its request was placed before that of the second.
    expect(log.filter(({ event }) => event === "evict").map(({ model }) => model)).toEqual([1]);
  });
});

describe("models on the same processors", () => {
  const beside: Scenario = { ...TWO, weights: [100, 100], gpuBytes: 2000, pinned: [0, 1] };

  test("compute in turns, an iteration each", () => {
    const rows = [0, 1].map((application) => ({ arrival: 0, prompt: PROMPT, output: 17, application }));
    // Prefills one after the other, until 1 s; then 32 iterations in turns, of which the first model has the 31st.
    expect(seconds({ ...beside, rows }).ends).toEqual([1 + 31 / 16, 1 + 32 / 16]);
  });

  test("compute in turns of several iterations", () => {
    const rows = [0, 1].map((application) => ({ arrival: 0, prompt: PROMPT, output: 17, application }));
    const swapping = { turn_iterations: 16 };
    expect(seconds({ ...beside, rows, swapping }).ends).toEqual([1 + 16 / 16, 1 + 32 / 16]);
  });

  test("let a newcomer in at the next iteration boundary", () => {
    const rows = [
      { arrival: 0, prompt: PROMPT, output: 17, application: 0 },
      { arrival: 0.53, prompt: PROMPT, output: 1, application: 1 },
    ];
    // The first iteration of the decode ends at 0.5625 s; the prefill of the other runs half a second.
    expect(seconds({ ...beside, rows }).ends).toEqual([2, 1.0625]);
  });
});

describe("a busy model that has to give way", () => {
  const preempted = (preemption: "keep" | "move" | "drop"): Scenario => ({
    ...TWO,
    weights: [300, 600],
    gpuBytes: 1500,
    rows: [
      { arrival: 0, prompt: PROMPT, output: 49, application: 0 },
      { arrival: 3, prompt: 64, output: 1, application: 1 },
    ],
    swapping: { preemption, preempt_after: 0.99 },
  });
  // The first model is ready at 3 s and computes until the first boundary after 3.99 s: its prefill until 3.5 s, then 8
  // iterations until 4 s. 40 iterations, 2.5 s, are left. The other's load takes 6 s, its prefill 1/16 s, the reload 3 s.
  const OTHER = 6 + 1 / 16;

  test("goes on where it was if its KV cache stays", () => {
    expect(seconds(preempted("keep")).ends).toEqual([4 + OTHER + 3 + 2.5, 4 + OTHER]);
  });

  test("waits for its KV cache to leave and to come back if that moves", () => {
    const { ends } = seconds(preempted("move"));
    // The 520 bytes that are computed leave in 5.2 s; coming back they share the link with the weights.
    expect(ends[1]).toBeCloseTo(4 + 5.2 + OTHER, 9);
    expect(ends[0]).toBeCloseTo(ends[1] + 3 + 5.2 + 2.5, 9);
  });

  test("computes its KV cache again if that is dropped", () => {
    const { outcomes, swapping } = swap(preempted("drop"));
    // The prompt, and eight of the nine tokens since: the last one's part comes with the next iteration.
    const tokens = PROMPT + 8;
    expect(swapping.models[0]).toMatchObject({ preemptions: 1, redoneTokens: tokens });
    expect([...outcomes.completionSeconds]).toEqual([4 + OTHER + 3 + tokens / 1024 + 2.5, 4 + OTHER]);
  });
});

describe.each(["fastest_start", "least_loaded"])("of places that %s calls equal, a model is loaded", (placement) => {
  const loads = (applications: readonly number[]) =>
    swap({
      weights: [400, 400, 400],
      processors: 2,
      placement,
      rows: applications.map((application, index) => ({ arrival: 10 * index, prompt: PROMPT, output: 1, application })),
    })
      .swapping.log.filter(({ event }) => event === "load" || event === "evict")
      .map(({ event, model, group }) => [event, model, group]);

  test("where nobody has to leave", () => {
    expect(loads([0, 1, 0, 1])).toEqual([
      ["load", 0, 0],
      ["load", 1, 1],
    ]);
  });

  test("where the one leaves whom the eviction policy would rather lose", () => {
    expect(loads([0, 1, 0, 2]).slice(2)).toEqual([
      ["evict", 1, 1],
      ["load", 2, 1],
    ]);
  });
});

test("models that may go on at the boundary at which another stops all do", () => {
  // Found at random: both that were held found room at the boundary, and neither had the turn.
  const lengths = [
    [3, 1, 11],
    [0, 7, 26],
    [2, 59, 9],
    [0, 59, 34],
    [0, 38, 40],
    [0, 28, 25],
    [1, 3, 19],
    [0, 22, 23],
    [1, 53, 21],
    [0, 4, 15],
  ];
  const { unfinishedReasons } = swap({
    weights: [100, 107, 309, 238],
    rows: lengths.map(([application, prompt, output], row) => ({
      arrival: row === 1 ? 0.015625 : 0,
      prompt,
      output,
      application,
    })),
    times: INEXACT_TIMES,
    sharing: "fifo",
    overheads: { unload: 0.1 },
    swapping: { preemption: "drop", preempt_after: 0.1 },
  });
  expect(unfinishedReasons).toEqual([]);
});

describe("what an order says", () => {
  const alternating = (order: string | object) =>
    seconds({
      ...TWO,
      order,
      instance: { max_batch_size: 1 },
      rows: [0, 1, 0, 1].map((application) => ({ arrival: 0, prompt: PROMPT, output: 1, application })),
    }).ends;

  test("fcfs swaps for every request, batch_before_swap for every model", () => {
    expect(alternating("fcfs")).toEqual([4.5, 9, 13.5, 18]);
    expect(alternating({ _target_: "model_orders.BatchBeforeSwap", max_wait: null, max_requests: null })).toEqual([
      4.5, 9.5, 5, 10,
    ]);
  });

  test("batch_before_swap lets nobody wait longer than it may for the requests of others", () => {
    const order = (max_wait: number | null, max_requests: number | null) =>
      alternating({ _target_: "model_orders.BatchBeforeSwap", max_wait, max_requests });
    // The other has waited 4 s when the first model is ready, which takes one request nonetheless.
    expect(order(4, null)).toEqual([4.5, 9, 13.5, 18]);
    expect(order(null, 1)).toEqual([4.5, 9, 13.5, 18]);
  });

  test("edf takes who is due first, longest_queue the model that most wait for", () => {
    const rows = [
      { arrival: 0, prompt: PROMPT, output: 1, application: 0 },
      { arrival: 1, prompt: PROMPT, output: 1, application: 1 },
      { arrival: 2, prompt: 64, output: 1, application: 2 },
      { arrival: 3, prompt: 64, output: 1, application: 2 },
    ];
    const next = (order: string | object) =>
      swap({ ...TWO, weights: [400, 400, 400], rows, order }).swapping.log.filter(({ event }) => event === "load")[1]
        .model;
    expect(next("fcfs")).toBe(1);
    expect(next({ _target_: "model_orders.Edf", deadline: 0, deadline_per_prompt_token: 1 })).toBe(2);
    expect(next("longest_queue")).toBe(2);
  });
});

describe("greedy placement", () => {
  const rows = Array.from({ length: 12 }, (_, index) => ({
    arrival: index / 4,
    prompt: PROMPT,
    output: 1,
    application: index < 10 ? 0 : 1,
  }));
  const late = (replicas: number, trials: number) => {
    const placement = { _target_: "model_placements.Greedy", replicas, trials, ttft_target: 3 };
    const swapping = { max_replicas: 2, replica_queue: 2 };
    const instance = { max_batch_size: 1 };
    const weights = [100, 100];
    const run = swap({ weights, gpuBytes: 2000, rows, processors: 2, placement, swapping, instance });
    const { outcomes, trace } = run;
    return rows.filter((_, row) => outcomes.prefillEndSeconds[row] - trace.arrivalSeconds[row] > 3).length;
  };

  test("gives a busy model a second group if simulations say that fewer requests are late then", () => {
    expect(late(2, 4)).toBeLessThan(late(1, 0));
    expect(late(1, 4)).toBe(late(1, 0));
  });
});

describe("who stays, and who comes unasked", () => {
  const idle = (more: Partial<Scenario>) =>
    swap({
      weights: [100, 100],
      gpuBytes: 1000,
      rows: [0, 5, 30].map((arrival) => ({ arrival, prompt: 64, output: 1, application: 0 })),
      ...more,
    }).swapping;

  test("a model leaves after its time to live, and no sooner", () => {
    const { log } = idle({ eviction: { _target_: "evictions.Ttl", keep_alive: 6 } });
    // Idle from 1.0625 and from 5.0625 s on.
    expect(log.filter(({ event }) => event === "evict").map(({ seconds: at }) => at)).toEqual([11.0625, 37.0625]);
  });

  test("a model that comes back every ten minutes is there again before its request", () => {
    const rows = Array.from({ length: 6 }, (_, index) => ({
      arrival: 660 * index,
      prompt: 64,
      output: 1,
      application: 0,
    }));
    const eviction = {
      _target_: "evictions.Histogram",
      prewarm_percentile: 5,
      keep_alive_percentile: 99,
      least_idle_times: 2,
      keep_alive: 60,
    };
    const { models, log } = swap({ weights: [100], rows, eviction }).swapping;
    // Cold until two idle times are known: at 0, 660, 1320 s; idle times of 659 s and more are 10 whole minutes and 11.
    expect(models[0]).toMatchObject({ hits: 3, wastedPrefetches: 1 });
    expect(log.filter(({ event, isPrefetch }) => event === "load" && isPrefetch)).toHaveLength(4);
  });

  test("free memory is filled with what is asked for most, or what is next", () => {
    const rows = [
      { arrival: 0, prompt: 64, output: 1, application: 0 },
      { arrival: 20, prompt: 64, output: 1, application: 1 },
    ];
    const oracle = { _target_: "load_triggers.Prefetch", by: "oracle", spare_share: 0 };
    expect(idle({ rows, trigger: oracle }).models[1]).toMatchObject({ hits: 1, loads: 1 });
    expect(idle({ rows }).models[1]).toMatchObject({ hits: 0, loads: 1 });
  });

  test("a schedule loads at its times", () => {
    const loads = [{ seconds: 20, model: "tiny-1", group: 0 }];
    const { log } = idle({ trigger: { _target_: "load_triggers.Schedule", loads } });
    expect(log.find(({ model }) => model === 1)).toMatchObject({ seconds: 20, event: "load", isPrefetch: true });
  });
});

describe("what can never be served", () => {
  const refused = (scenario: Scenario) => String(thrownBy(() => swap(scenario)));

  test("is refused before the first event", () => {
    expect(refused({ ...TWO, weights: [2000, 1] })).toContain("largest group of processors has");
    expect(refused({ ...TWO, weights: [900, 1] })).toContain("Request 0 can never be served");
    expect(refused({ ...TWO, pinned: [0, 1] })).toContain("The pinned models do not fit");
    expect(refused({ ...TWO, rows: [{ arrival: 0, prompt: 1, output: 1, application: 7 }] })).toContain(
      "application 7",
    );
    const placement = { _target_: "model_placements.Static", groups: { "tiny-0": [3] } };
    expect(refused({ ...TWO, placement })).toContain("There is no processor group 3");
    expect(refused({ ...TWO, placement: { ...placement, groups: { tiny: [0] } } })).toContain("no model named 'tiny'");
  });

  test("as what no tier holds", () => {
    const inputs = scenarioInputs(TWO);
    const links = inputs.config.weight_links as NonNullable<typeof inputs.config.weight_links>;
    const config = { ...inputs.config, weight_links: { ...links, dram: { capacity: 500, bandwidth: null } } };
    expect(String(thrownBy(() => simulate({ ...inputs, config })))).toContain("No tier holds tiny-1");
  });

  test("an engine that cannot give way, or a scheduler that cannot forget an instance", () => {
    const inputs = scenarioInputs(TWO);
    const engine = { ...inputs.config.engine, _target_: "engines.Disaggregated" } as typeof inputs.config.engine;
    expect(String(thrownBy(() => simulate({ ...inputs, config: { ...inputs.config, engine } })))).toContain(
      "cannot share its processors",
    );
    expect(refused({ ...TWO, scheduler: "mixed_pool" })).toContain("cannot do without an instance");
  });
});
