import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { run, type Setting } from "./inputs.ts";

// In `inputs.ts` a prefill of 512 tokens takes half a second and a decode iteration a sixteenth; a token is a byte.
const ROWS = [
  { arrival: 1, prompt: 512, output: 5 },
  { arrival: 1.25, prompt: 512, output: 1 },
];

const samplesOf = (setting: Setting) => {
  const { samples } = run(setting);
  if (samples === undefined) throw new Error("nothing was sampled");
  const { rows } = samples;
  return {
    times: samples.times,
    running: Array.from(samples.running.subarray(0, rows)),
    waiting: Array.from(samples.waiting.subarray(0, rows)),
    requests: Array.from(samples.requests.subarray(0, rows)),
    batchTokens: Array.from(samples.batchTokens.subarray(0, rows)),
    memoryBytes: Array.from(samples.memoryBytes.subarray(0, rows)),
  };
};

describe("samples of instances", () => {
  test("show what all events before their time have left (worked by hand)", () => {
    // One prefill at a time: 1 to 1.5 s and 1.5 to 2 s; the first request's decode waits and runs from 2 to 2.25 s.
    const samples = samplesOf({ rows: ROWS, sampleInterval: 0.25, instance: { max_batch_tokens: 512 } });
    expect(samples).toEqual({
      times: 10,
      running: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1],
      waiting: [0, 0, 0, 0, 0, 0, 1, 1, 1, 0],
      requests: [0, 0, 0, 0, 0, 1, 2, 2, 2, 1],
      batchTokens: [0, 0, 0, 0, 0, 512, 512, 512, 512, 1],
      memoryBytes: [0, 0, 0, 0, 0, 517, 517, 1030, 1030, 517],
    });
  });

  test("are taken of every instance, also of whole tasks, up to the end of a run that is cut off", () => {
    const setting: Setting = {
      rows: ROWS,
      servers: [{ sku: "node", count: 2 }],
      instance: { instance_type: "DEFAULT" },
      constant: { prompt_time: 1, token_time: 1 },
      sampleInterval: 0.5,
      endTime: 2,
    };
    expect(samplesOf(setting)).toMatchObject({ times: 5, running: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1] });
    // This engine does not say how many tokens its task computes.
    expect(new Set(samplesOf(setting).batchTokens)).toEqual(new Set([-1]));
  });

  test("change nothing of the run", () => {
    const row = fc.record({
      arrival: fc.integer({ min: 1, max: 192 }).map((count) => count / 64),
      prompt: fc.integer({ min: 1, max: 40 }),
      output: fc.integer({ min: 2, max: 20 }),
    });
    const settings = fc.constantFrom("default" as const, "splitwise" as const);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), settings, fc.nat(), (rows, base, seed) => {
        const setting: Setting = { rows, settings: base, seed, endTime: 50, servers: [{ sku: "node", count: 2 }] };
        const { samples, ...sampled } = run({ ...setting, sampleInterval: 1 / 64 });
        expect(sampled).toEqual(run(setting));
        expect(samples?.rows).toBe(2 * (samples?.times ?? 0));
      }),
      { numRuns: 60 },
    );
  });

  test("beyond what memory holds end the run with a hint", () => {
    const setting: Setting = { rows: [{ arrival: 1000, prompt: 1, output: 1 }], sampleInterval: 1e-6, servers: [] };
    const servers = [{ sku: "node", count: 4 }];
    expect(() => run({ ...setting, servers })).toThrow("more than 20000000 samples");
  });
});
