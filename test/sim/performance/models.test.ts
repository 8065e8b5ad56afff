import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { createPerformanceModel } from "../../../src/sim/performance/index.ts";

const KIND = {
  modelArchitecture: "llama",
  processorName: "h100",
  tensorParallelism: 8,
  processor: { name: "h100", memoryBytes: 80e9 },
  architecture: { name: "llama", num_layers: 2, hidden_size: 64, num_heads: 4 },
  size: { weights: 1e9, dtype_size: 2 },
};
const CURVES = { ...KIND, batchTokens: [0, 8], prefillSeconds: [1, 2], decodeSeconds: [3, 4] };
const database = () =>
  createPerformanceModel(
    { _target_: "performance_models.Database", db_path: "table.csv" },
    {
      curves: [{ ...CURVES, tensorParallelism: 2, prefillSeconds: [10, 20] }, CURVES],
    },
  );
const constant = () =>
  createPerformanceModel({ _target_: "performance_models.Constant", prompt_time: 1.5, token_time: 7 }, { curves: [] });
const ONE_PREFILL = {
  prefills: 1,
  promptTokens: 4,
  squaredPromptTokens: 16,
  promptContextProducts: 0,
  decodes: 0,
  contextTokens: 0,
};

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("the constant model", () => {
  test("gives every prefill and every decode the configured time, whatever their lengths", () => {
    const times = constant().taskTimes(KIND);
    expect([times.prefillSeconds(1), times.prefillSeconds(5000)]).toEqual([1.5, 1.5]);
    expect([times.decodeSeconds(1), times.decodeSeconds(5000)]).toEqual([7, 7]);
  });

  test("refuses engines that need times of iterations, and says what to change", () => {
    const error = thrownBy(() => constant().iterationTimes(KIND));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ label: "no_iteration_times", path: "performance_model" });
    expect((error as ConfigError).hint).toContain("performance_model=db");
  });
});

describe("the database model", () => {
  test("reads the curves of the model, processor and tensor parallelism that are asked for", () => {
    expect(database().iterationTimes(KIND).stretchSeconds(ONE_PREFILL, 1)).toBe(1.5);
    expect(
      database()
        .iterationTimes({ ...KIND, tensorParallelism: 2 })
        .stretchSeconds(ONE_PREFILL, 1),
    ).toBe(15);
  });

  test.each([
    ["modelArchitecture", { ...KIND, modelArchitecture: "bloom" }],
    ["processorName", { ...KIND, processorName: "a100" }],
    ["tensorParallelism", { ...KIND, tensorParallelism: 4 }],
  ])("refuses a kind without rows (another %s) and lists the kinds that it knows", (_key, kind) => {
    const error = thrownBy(() => database().iterationTimes(kind));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ label: "unknown_instance_kind" });
    expect((error as ConfigError).message).toContain(
      `${kind.modelArchitecture} on ${kind.processorName} with tensor parallelism ${kind.tensorParallelism}`,
    );
    expect((error as ConfigError).hint).toMatch(/llama on h100 with tensor parallelism 2; .* parallelism 8/);
  });

  test("refuses engines that need times of whole tasks, and says what to change", () => {
    const error = thrownBy(() => database().taskTimes(KIND));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ label: "no_task_times" });
    expect((error as ConfigError).hint).toContain("performance_model=constant");
  });
});
