import { describe, expect, test } from "vitest";
import { OrcaPolicy } from "../../../src/sim/engine/orca-policy.ts";
import { decodeTask, prefillTask } from "../../../src/sim/workload/task-table.ts";
import { type ScenarioRequest, scenario } from "./scenario.ts";

function instance(rows: readonly ScenarioRequest[], options: { maxBatchSize?: number; freeBytes?: number } = {}) {
  return scenario(
    rows,
    ({ tasks, waiting, memory }) =>
      new OrcaPolicy({ maxBatchSize: options.maxBatchSize ?? 10, decodesPass: false }, tasks, waiting, memory),
    options,
  );
}

describe("ORCA's selection", () => {
  test("takes prefills and decodes alike by their request's arrival at the cluster", () => {
    const it = instance([3, 1, 2].map((arrival) => ({ prompt: 1, arrival })));
    it.prefillWaits(0);
    it.decodeWaits(1);
    it.prefillWaits(2);
    expect(it.select()).toEqual({ stay: [], join: ["D1", "P2", "P0"] });
  });

  test("keeps the whole running batch, even if others arrived before it", () => {
    const it = instance([{ prompt: 1 }, { prompt: 1 }, { prompt: 1 }], { maxBatchSize: 2 });
    it.decodeRuns(1);
    it.decodeRuns(2);
    it.prefillWaits(0);
    expect(it.select()).toEqual({ stay: ["D1", "D2"], join: [] });
  });

  test("stops when the batch is full in number", () => {
    const it = instance([{ prompt: 1 }, { prompt: 1 }, { prompt: 1 }], { maxBatchSize: 2 });
    it.decodeRuns(2);
    it.prefillWaits(0);
    it.prefillWaits(1);
    expect(it.select()).toEqual({ stay: ["D2"], join: ["P0"] });
  });

  test("stops at the first that does not fit into memory, even if a later one does", () => {
    const rows = [30, 71, 1].map((bytes) => ({ prompt: 1, bytes }));
    const it = instance(rows, { freeBytes: 100 });
    for (const request of [0, 1, 2]) it.prefillWaits(request);
    expect(it.select().join).toEqual(["P0"]);
  });

  test("may fill the memory exactly", () => {
    const rows = [30, 70, 1].map((bytes) => ({ prompt: 1, bytes }));
    const it = instance(rows, { freeBytes: 100 });
    for (const request of [0, 1, 2]) it.prefillWaits(request);
    expect(it.select().join).toEqual(["P0", "P1"]);
  });

  test("knows no limit of tokens", () => {
    const it = instance([{ prompt: 1e6 }, { prompt: 1e6 }]);
    it.prefillWaits(0);
    it.prefillWaits(1);
    expect(it.select().join).toEqual(["P0", "P1"]);
    expect(it.policy.batchTokens).toBe(0);
  });
});

test("a task of either kind interrupts a batch as long as that is not full in number", () => {
  const it = instance([{ prompt: 1 }, { prompt: 1 }, { prompt: 1 }], { maxBatchSize: 2 });
  it.decodeRuns(0);
  expect(it.policy.interrupts(it.batch, prefillTask(2))).toBe(true);
  expect(it.policy.hasRoom(it.batch)).toBe(true);
  it.decodeRuns(1);
  expect(it.policy.interrupts(it.batch, prefillTask(2))).toBe(false);
  expect(it.policy.interrupts(it.batch, decodeTask(2))).toBe(false);
  expect(it.policy.hasRoom(it.batch)).toBe(false);
});

test("the queue of waiting tasks is in the order in which they came", () => {
  const it = instance([3, 1, 2].map((arrival) => ({ prompt: 1, arrival })));
  for (const request of [0, 1, 2]) it.prefillWaits(request);
  expect(it.queue()).toEqual(["P0", "P1", "P2"]);
});
