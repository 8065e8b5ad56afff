import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SplitwiseLimits, SplitwisePolicy } from "../../../src/sim/engine/splitwise-policy.ts";
import { decodeTask, prefillTask } from "../../../src/sim/workload/task-table.ts";
import { type ScenarioRequest, scenario } from "./scenario.ts";

// Rules (a) to (e) are those of SplitwiseSim's batch selection: aged tasks, prefills, preempted decodes, the running
// batch, everyone by arrival.

type Options = Partial<SplitwiseLimits> & Parameters<typeof scenario>[2];

function instance(rows: readonly ScenarioRequest[], options: Options = {}) {
  const limits = {
    maxBatchSize: 10,
    maxBatchTokens: 100,
    maxPreemptions: 2,
    interruption: "within_budget" as const,
    decodesPass: false,
  };
  return scenario(
    rows,
    ({ requests, tasks, waiting, memory }) =>
      new SplitwisePolicy({ ...limits, ...options }, requests, tasks, waiting, memory),
    options,
  );
}

const prompts = (...tokens: number[]) => tokens.map((prompt) => ({ prompt }));

describe("prefills (b)", () => {
  test("join in the order in which they came, not in that of arrival at the cluster", () => {
    const it = instance([
      { prompt: 5, arrival: 2 },
      { prompt: 5, arrival: 1 },
    ]);
    it.prefillWaits(0);
    it.prefillWaits(1);
    expect(it.select()).toEqual({ stay: [], join: ["P0", "P1"] });
  });

  test("stop at the first that exceeds the token budget, even if a later one is within it", () => {
    const it = instance(prompts(60, 41, 30));
    for (const request of [0, 1, 2]) it.prefillWaits(request);
    expect(it.select()).toEqual({ stay: [], join: ["P0"] });
    expect(it.policy.batchTokens).toBe(60);
  });

  test("may fill the token budget exactly", () => {
    const it = instance(prompts(60, 40, 1));
    for (const request of [0, 1, 2]) it.prefillWaits(request);
    expect(it.select().join).toEqual(["P0", "P1"]);
    expect(it.policy.batchTokens).toBe(100);
  });

  test("stop at the first that does not fit into memory, even if a later one does", () => {
    const it = instance(
      [
        { prompt: 1, bytes: 50 },
        { prompt: 1, bytes: 51 },
        { prompt: 1, bytes: 1 },
      ],
      { freeBytes: 100 },
    );
    for (const request of [0, 1, 2]) it.prefillWaits(request);
    expect(it.select().join).toEqual(["P0"]);
  });

  test("count each other's memory: what the first takes is not there for the second", () => {
    const it = instance(
      [
        { prompt: 1, bytes: 60 },
        { prompt: 1, bytes: 40 },
        { prompt: 1, bytes: 1 },
      ],
      { freeBytes: 100 },
    );
    for (const request of [0, 1, 2]) it.prefillWaits(request);
    expect(it.select().join).toEqual(["P0", "P1"]);
  });

  test("one prompt above the token budget runs alone, if it is the first, and preempts all decodes", () => {
    const it = instance(prompts(101, 1, 1, 1));
    it.decodeRuns(2);
    it.decodePreempted(3);
    it.prefillWaits(0);
    it.prefillWaits(1);
    expect(it.select()).toEqual({ stay: [], join: ["P0"] });
  });

  test("a prompt above the token budget waits for its turn behind another one, and holds up those behind it", () => {
    const it = instance(prompts(10, 101, 10));
    for (const request of [0, 1, 2]) it.prefillWaits(request);
    expect(it.select().join).toEqual(["P0"]);
  });

  test("go before running decodes, which leave from the end of the batch when the budget is short", () => {
    for (const [prompt, stay] of [
      [98, ["D1", "D2"]],
      [99, ["D1"]],
      [100, []],
    ] as const) {
      const it = instance(prompts(prompt, 1, 1));
      it.decodeRuns(1);
      it.decodeRuns(2);
      it.prefillWaits(0);
      expect(it.select()).toEqual({ stay, join: ["P0"] });
    }
  });

  test("go before running decodes when the batch is full in number", () => {
    const it = instance(prompts(1, 1, 1, 1), { maxBatchSize: 3 });
    for (const request of [1, 2, 3]) it.decodeRuns(request);
    it.prefillWaits(0);
    expect(it.select()).toEqual({ stay: ["D1", "D2"], join: ["P0"] });
  });
});

describe("aged tasks (a)", () => {
  test.each([
    [2, "D0"],
    [1, "P1"],
  ])("after waiting %i starts of the 2 that are allowed, of a decode and a later prefill goes %s", (starts, first) => {
    const it = instance(prompts(1, 1), { maxBatchSize: 1, ageing: "waited_starts" });
    it.decodeWaits(0);
    it.prefillWaits(1);
    for (let start = 0; start < starts; start++) it.waiting.countStart();
    expect(it.select().join).toEqual([first]);
  });

  test("join by age and arrival, not in the order of their preemption", () => {
    for (const [preemptions, first] of [
      [2, "D0"],
      [1, "D1"],
    ] as const) {
      const it = instance(prompts(1, 1), { maxBatchSize: 1 });
      it.decodePreempted(1, preemptions);
      it.decodePreempted(0, preemptions);
      expect(it.select().join).toEqual([first]);
    }
  });

  test("go before a newcomer when ages count preemptions", () => {
    const it = instance(prompts(1, 1), { maxBatchSize: 1 });
    it.decodePreempted(0, 2);
    it.prefillWaits(1);
    expect(it.queue()).toEqual(["D0", "P1"]);
    expect(it.select().join).toEqual(["D0"]);
  });

  test("that do not fit into memory are passed over, and the next aged one is tried", () => {
    const it = instance(
      [
        { prompt: 1, bytes: 9 },
        { prompt: 1, bytes: 3 },
      ],
      { freeBytes: 5, ageing: "waited_starts" },
    );
    it.decodeWaits(0);
    it.decodeWaits(1);
    it.waiting.countStart();
    it.waiting.countStart();
    expect(it.select().join).toEqual(["D1"]);
  });

  test("with an age below the limit that do not fit stop those behind them", () => {
    const it = instance(
      [
        { prompt: 1, bytes: 9 },
        { prompt: 1, bytes: 3 },
      ],
      { freeBytes: 5 },
    );
    it.decodeWaits(0);
    it.decodeWaits(1);
    expect(it.select().join).toEqual([]);
  });

  test("a decode whose prefill still waits is no candidate, even if the limit is 0", () => {
    const it = instance(prompts(5), { maxPreemptions: 0 });
    it.prefillWaits(0);
    it.waiting.arrive(decodeTask(0), false);
    it.policy.enqueue(decodeTask(0));
    expect(it.select().join).toEqual(["P0"]);
  });
});

describe("preempted decodes (c)", () => {
  test("resume in the order in which they were preempted, after the prefills", () => {
    const it = instance(prompts(10, 1, 1));
    it.decodePreempted(2);
    it.decodePreempted(1);
    it.prefillWaits(0);
    expect(it.select().join).toEqual(["P0", "D2", "D1"]);
  });

  test("resume without asking for memory: they hold theirs", () => {
    const it = instance([{ prompt: 1, bytes: 50 }], { freeBytes: 0 });
    it.decodePreempted(0);
    expect(it.select().join).toEqual(["D0"]);
  });

  test("go before decodes that run, when the batch is full", () => {
    const it = instance(prompts(1, 1, 1), { maxBatchSize: 2 });
    it.decodeRuns(1);
    it.decodeRuns(2);
    it.decodePreempted(0);
    expect(it.select()).toEqual({ stay: ["D1"], join: ["D0"] });
  });

  test("are limited by what the prefills left of the token budget", () => {
    const it = instance(prompts(98, 1, 1, 1));
    for (const request of [1, 2, 3]) it.decodePreempted(request);
    it.prefillWaits(0);
    expect(it.select().join).toEqual(["P0", "D1", "D2"]);
  });
});

describe("everyone by arrival (e)", () => {
  test("decodes join by their request's arrival at the cluster, after the running batch", () => {
    const it = instance([
      { prompt: 1, arrival: 3 },
      { prompt: 1, arrival: 1 },
      { prompt: 1, arrival: 2 },
    ]);
    it.decodeRuns(0);
    it.decodeWaits(2);
    it.decodeWaits(1);
    expect(it.select()).toEqual({ stay: ["D0"], join: ["D1", "D2"] });
    expect(it.policy.batchTokens).toBe(3);
  });

  test("stops at the first that does not fit into memory", () => {
    const it = instance(
      [
        { prompt: 1, bytes: 1 },
        { prompt: 1, bytes: 9 },
        { prompt: 1, bytes: 1 },
      ],
      { freeBytes: 5 },
    );
    for (const request of [0, 1, 2]) it.decodeWaits(request);
    expect(it.select().join).toEqual(["D0"]);
  });

  test("stops when the batch is full in number or in tokens", () => {
    for (const limits of [{ maxBatchSize: 2 }, { maxBatchTokens: 2 }]) {
      const it = instance(prompts(1, 1, 1), limits);
      for (const request of [0, 1, 2]) it.decodeWaits(request);
      expect(it.select().join).toEqual(["D0", "D1"]);
    }
  });

  test("a small step may still join after the prefills stopped at a long prompt", () => {
    const it = instance(prompts(60, 50, 1));
    it.prefillWaits(0);
    it.prefillWaits(1);
    it.decodePreempted(2);
    expect(it.select().join).toEqual(["P0", "D2"]);
  });
});

describe("a batch without anybody waiting", () => {
  test("stays as it is", () => {
    const it = instance(prompts(1, 1));
    it.decodeRuns(0);
    it.decodeRuns(1);
    expect(it.select()).toEqual({ stay: ["D0", "D1"], join: [] });
    expect(it.policy.batchTokens).toBe(2);
  });
});

describe("interrupts", () => {
  test("within_budget: a task that fits beside the batch in number and tokens", () => {
    const it = instance(prompts(1, 98, 99), { maxBatchSize: 3 });
    it.decodeRuns(0);
    it.select();
    it.decodeRuns(1);
    it.policy.select(it.batch);
    expect(it.policy.interrupts(it.batch, prefillTask(1))).toBe(true);
  });

  test("within_budget: a prefill that fits beside the other prefills, decodes being pushed out", () => {
    const it = instance(prompts(100, 101, 1), { maxBatchSize: 1 });
    it.decodeRuns(2);
    it.select();
    expect(it.policy.interrupts(it.batch, prefillTask(0))).toBe(true);
    expect(it.policy.interrupts(it.batch, prefillTask(1))).toBe(false);
  });

  test("within_budget: a decode only if the batch has room in number and tokens", () => {
    for (const [limits, answer] of [
      [{ maxBatchSize: 2, maxBatchTokens: 2 }, true],
      [{ maxBatchSize: 1, maxBatchTokens: 2 }, false],
      [{ maxBatchSize: 2, maxBatchTokens: 1 }, false],
    ] as const) {
      const it = instance(prompts(1, 1), limits);
      it.decodeRuns(0);
      it.select();
      expect(it.policy.interrupts(it.batch, decodeTask(1))).toBe(answer);
    }
  });

  test("any_prefill: every prefill, however long; decodes as within_budget", () => {
    const it = instance(prompts(101, 1), { maxBatchSize: 1, interruption: "any_prefill" });
    it.decodeRuns(1);
    it.select();
    expect(it.policy.interrupts(it.batch, prefillTask(0))).toBe(true);
    expect(it.policy.interrupts(it.batch, decodeTask(0))).toBe(false);
  });
});

test("hasRoom: below the limits of number and of tokens", () => {
  for (const [limits, answer] of [
    [{ maxBatchSize: 3, maxBatchTokens: 3 }, true],
    [{ maxBatchSize: 2, maxBatchTokens: 3 }, false],
    [{ maxBatchSize: 3, maxBatchTokens: 2 }, false],
  ] as const) {
    const it = instance(prompts(1, 1), limits);
    it.decodeRuns(0);
    it.decodeRuns(1);
    it.select();
    expect(it.policy.hasRoom(it.batch)).toBe(answer);
  }
});

describe("the queue of waiting tasks", () => {
  test("is ordered by age, the oldest first, then by arrival at the cluster, then by arrival here", () => {
    const it = instance([5, 1, 1, 0].map((arrival) => ({ prompt: 1, arrival })));
    it.decodePreempted(3);
    it.prefillWaits(0);
    it.prefillWaits(1);
    it.prefillWaits(2);
    expect(it.queue()).toEqual(["D3", "P1", "P2", "P0"]);
  });

  // Python 3.11's bisect.bisect_right, with a key: where a list is not sorted, the halving decides the place.
  function bisectRight<Item>(list: readonly Item[], isBefore: (other: Item) => boolean): number {
    let lo = 0;
    let hi = list.length;
    while (lo < hi) {
      const mid = Math.floor((lo + hi) / 2);
      if (isBefore(list[mid])) hi = mid;
      else lo = mid + 1;
    }
    return lo;
  }

  test("is Python's bisect_right by (age, arrival), even where ages grew after the insertion", () => {
    const request = fc.record({ arrival: fc.nat(3), ready: fc.boolean(), starts: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), (rows) => {
        const it = instance(
          rows.map(({ arrival }) => ({ prompt: 1, arrival })),
          { ageing: "waited_starts" },
        );
        const model: { label: string; arrival: number; age: number; isAgeing: boolean }[] = [];
        rows.forEach(({ arrival, ready, starts }, index) => {
          if (ready) it.prefillWaits(index);
          else {
            // A decode whose prefill is not done does not age.
            it.waiting.join(index);
            it.waiting.arrive(decodeTask(index), false);
            it.policy.enqueue(decodeTask(index));
          }
          const place = bisectRight(model, (other) => 0 < other.age || (other.age === 0 && arrival < other.arrival));
          model.splice(place, 0, { label: `${ready ? "P" : "D"}${index}`, arrival, age: 0, isAgeing: ready });
          for (let start = 0; start < starts; start++) {
            it.waiting.countStart();
            for (const task of model) if (task.isAgeing) task.age++;
          }
        });
        expect(it.queue()).toEqual(model.map(({ label }) => label));
      }),
    );
  });
});
