import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { latencyConfig, performanceDataOf } from "../../../src/estimate-latency.ts";
import { latencyInstance } from "../../../src/inputs/latency-instance.ts";
import { openWorkspace } from "../../../src/inputs/workspace.ts";
import { createPerformanceModel, performanceModels } from "../../../src/sim/performance/index.ts";
import type { BatchShape, IterationTimes } from "../../../src/sim/performance/performance-model.ts";

/** An instance that each model with iteration times knows, as overrides of `sweep latency`. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  "performance_models.Database": ["model=llama2-70b", "hardware=h100-80gb", "tensor_parallelism=8"],
  "performance_models.Profile": ["model=llama2-70b", "hardware=h100-80gb", "tensor_parallelism=8"],
  "performance_models.ClosedForm": ["model=opt-6.7b", "hardware=a100-80gb-pcie", "tensor_parallelism=1"],
  "performance_models.DistServe": ["model=opt-13b", "hardware=a100-80gb", "tensor_parallelism=2"],
  "performance_models.Roofline": ["model=llama3-70b", "hardware=h100-80gb", "tensor_parallelism=4"],
};

/** Times whole tasks only. */
const WITHOUT_ITERATIONS = ["performance_models.Constant"];

const targets = performanceModels.map(({ targets: [target] }) => target);

it("every performance model is here", () => {
  expect(targets.toSorted()).toEqual([...Object.keys(KNOWN), ...WITHOUT_ITERATIONS].toSorted());
});

function timesOf(target: string): IterationTimes {
  const { composer, resolver } = openWorkspace({ configName: "latency" });
  const config = latencyConfig(composer.compose(KNOWN[target]));
  const [name, parameters] = Object.entries(config.performance_models).find(([, own]) => own._target_ === target) ?? [];
  if (name === undefined || parameters === undefined) throw new Error(`no ${target} in conf/latency.yaml`);
  const data = performanceDataOf(name, parameters, resolver).data;
  return createPerformanceModel(parameters, data).iterationTimes(latencyInstance(config).instance);
}

const decodes = fc.record({ decodes: fc.integer({ min: 1, max: 100 }), context: fc.integer({ min: 1, max: 8000 }) });

function decodeBatch({ decodes, context }: { decodes: number; context: number }): BatchShape {
  const nothing = { prefills: 0, promptTokens: 0, squaredPromptTokens: 0, promptContextProducts: 0 };
  return { ...nothing, decodes, contextTokens: decodes * context };
}

const after = (batch: BatchShape, iterations: number): BatchShape => ({
  ...batch,
  contextTokens: batch.contextTokens + batch.decodes * iterations,
});

describe.each(Object.keys(KNOWN))("%s", (target) => {
  const times = timesOf(target);

  it("a stretch of decodes takes the sum of its iterations, each with a token more in every context", () => {
    fc.assert(
      fc.property(decodes, fc.integer({ min: 1, max: 60 }), (shape, iterations) => {
        const batch = decodeBatch(shape);
        let sum = 0;
        for (let done = 0; done < iterations; done++) sum += times.stretchSeconds(after(batch, done), 1);
        const seconds = times.stretchSeconds(batch, iterations);
        expect(Math.abs(seconds - sum)).toBeLessThanOrEqual(1e-11 * sum);
      }),
    );
  });

  it("iterations within a time are those whose stretch has ended by then", () => {
    fc.assert(
      fc.property(
        decodes,
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (shape, count, share) => {
          const batch = decodeBatch(shape);
          const seconds = (iterations: number) => (iterations === 0 ? 0 : times.stretchSeconds(batch, iterations));
          const between = seconds(count) + share * (seconds(count + 1) - seconds(count));
          expect(times.iterationsWithin(batch, between)).toBe(count);
        },
      ),
    );
  });

  it("prefills take a positive time, and no less than others of a tenth of the tokens", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 200, max: 1500 }), (prefills, prompt) => {
        const seconds = (tokens: number) =>
          times.stretchSeconds(
            {
              prefills,
              promptTokens: prefills * tokens,
              squaredPromptTokens: prefills * tokens * tokens,
              promptContextProducts: 0,
              decodes: 0,
              contextTokens: 0,
            },
            1,
          );
        expect(seconds(prompt)).toBeGreaterThan(0);
        expect(seconds(10 * prompt)).toBeGreaterThan(seconds(prompt));
      }),
      { numRuns: 30 },
    );
  });
});
