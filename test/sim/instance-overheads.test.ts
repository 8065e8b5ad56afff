import { describe, expect, test } from "vitest";
import { checkInputs } from "../../src/sim/simulation.ts";
import { inputsOf, run, type Setting, thrownBy, timesOf } from "./inputs.ts";

interface Overheads {
  readonly spin_up?: number;
  readonly run?: number;
  readonly preempt?: number;
}

/** A prefill of 1,024 tokens takes 1 s, an iteration of decodes 1/16 s; a batch holds 1,024 tokens. */
function withOverheads({ spin_up = 0, run: runSeconds = 0, preempt = 0 }: Overheads, more: Setting): Setting {
  const parameters = { overheads: { spin_up }, instance_overheads: { run: runSeconds, preempt } };
  return { instance: { max_batch_tokens: 1024 }, applications: [{ allocator_parameters: parameters }], ...more };
}

describe("the overhead of starting tasks", () => {
  const rows = [{ arrival: 1, prompt: 1024, output: 5 }];

  test("comes before the first iteration of tasks that join a batch, and keeps the instance busy", () => {
    const record = run(withOverheads({ run: 0.25 }, { rows }));
    expect(timesOf(record, 0)).toEqual({ arrival: 1, prefill: [1, 2.25], decode: [2.25, 2.75], completion: 2.75 });
    expect(record.instances[0].busySeconds).toBe(1.75);
  });

  test("comes once for all that join together", () => {
    const two = [1, 1].map((arrival) => ({ arrival, prompt: 512, output: 1 }));
    const record = run(withOverheads({ run: 0.25 }, { rows: two, overheads: { submit_task: 0.5 } }));
    // Submitted at the same time, but one by one: the first starts alone.
    expect([timesOf(record, 0).prefill, timesOf(record, 1).prefill]).toEqual([
      [1.5, 2.25],
      [2.25, 3],
    ]);
    const waiting = [0, 1.5, 1.5].map((arrival) => ({ arrival, prompt: 512, output: 1 }));
    const later = run(withOverheads({ run: 2 }, { rows: waiting }));
    expect([1, 2].map((row) => timesOf(later, row).prefill)).toEqual([
      [2.5, 5.5],
      [2.5, 5.5],
    ]);
  });

  test("is no part of the stretch in the debug log", () => {
    const { instanceLogs } = run(withOverheads({ run: 0.25 }, { rows, debug: true }));
    const stretches = instanceLogs[0].rows.map((row) => [row.iterationStartSeconds, row.iterationEndSeconds]);
    expect(stretches).toEqual([
      [1.25, 2.25],
      [2.5, 2.75],
    ]);
  });

  test("is over, and an iteration run, before a prefill that arrives meanwhile joins", () => {
    const later = [...rows, { arrival: 2.3, prompt: 1024, output: 1 }];
    const record = run(withOverheads({ run: 0.25 }, { rows: later }));
    // The decode's overhead lasts from 2.25 to 2.5 s and its first iteration to 2.5625 s; then the prefill preempts it.
    expect(timesOf(record, 1).prefill).toEqual([2.5625, 3.8125]);
    expect(timesOf(record, 0).decode).toEqual([2.25, 4.25]);
  });

  test("delays every task of an instance that runs whole tasks", () => {
    const setting = { rows, constant: { prompt_time: 1, token_time: 10 } };
    const record = run(withOverheads({ run: 0.25 }, { ...setting, instance: { instance_type: "DEFAULT" } }));
    expect(timesOf(record, 0)).toMatchObject({ prefill: [1, 2.25], decode: [2.25, 12.5] });
  });
});

test("the overhead of preempting comes before the iteration for which decodes leave the batch", () => {
  const rows = [
    { arrival: 0, prompt: 1024, output: 33 },
    { arrival: 1.03125, prompt: 1024, output: 1 },
  ];
  const record = run(withOverheads({ preempt: 0.5 }, { rows }));
  // The decode stops after one iteration, at 1.0625 s; 31 are left when the prefill is done.
  expect(timesOf(record, 1).prefill).toEqual([1.0625, 2.5625]);
  expect(timesOf(record, 0).decode).toEqual([1, 2.5625 + 31 / 16]);
});

describe("the overhead of starting instances", () => {
  const rows = [{ arrival: 1, prompt: 1024, output: 5 }];

  test("lets requests wait for the first instance", () => {
    const record = run(withOverheads({ spin_up: 2.5 }, { rows }));
    expect(timesOf(record, 0)).toMatchObject({ arrival: 1, prefill: [2.5, 3.5] });
  });

  test("lets them wait for all pools of a scheduler that transfers", () => {
    const pools = { startState: { state_type: "splitwise_1_1" }, servers: [{ sku: "node", count: 2 }] };
    const record = run(withOverheads({ spin_up: 2.5 }, { rows, ...pools, scheduler: "kv_jsq" }));
    expect(timesOf(record, 0)).toMatchObject({ prefill: [2.5, 3.5] });
    expect(record.unfinishedReasons).toEqual([]);
  });

  test("has no effect on the instances that SplitwiseSim begins with", () => {
    const record = run(withOverheads({ spin_up: 2.5 }, { rows, settings: "splitwise" }));
    expect(timesOf(record, 0).prefill).toEqual([1, 2]);
  });

  test("beyond the end time leaves all requests unfinished", () => {
    const record = run(withOverheads({ spin_up: 50 }, { rows, endTime: 20 }));
    expect(record.unfinishedReasons).toEqual(["1 requests were unfinished at end_time = 20 s."]);
    expect(record.endSeconds).toBe(20);
  });

  test("does not hide from the check before a run that a pool is missing", () => {
    const setting = withOverheads({ spin_up: 2.5 }, { scheduler: "kv_jsq" });
    expect(thrownBy(() => checkInputs(inputsOf(setting)))).toMatchObject({ label: "no_instances" });
  });
});
