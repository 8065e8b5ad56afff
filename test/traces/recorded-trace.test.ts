import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { generateTrace } from "../../src/traces/generate-trace.ts";
import { isDrawn } from "../../src/traces/load-trace.ts";
import { recordedTrace } from "../../src/traces/recorded-trace.ts";
import type { RecordedParameters } from "../../src/traces/trace.schema.ts";
import { bytes } from "./bytes.ts";

const ROWS = [0, 3000, 3000, 9000]
  .map((timestamp, row) => JSON.stringify({ timestamp, input_length: 600, output_length: 2, hash_ids: [0, row] }))
  .join("\n");

const noTable = () => {
  throw new Error("no table is needed");
};

function load(parameters: Partial<RecordedParameters>, seed = 0) {
  const node = { _target_: "traces.MooncakeJsonl", path: "m.jsonl", ...parameters } as RecordedParameters;
  return recordedTrace(bytes(ROWS), "m.jsonl", node, seed);
}

describe("a recorded trace", () => {
  it("keeps its arrivals, or has them scaled to a rate of gaps or by a factor", () => {
    expect(Array.from(load({}).arrivalSeconds)).toEqual([0, 3, 3, 9]);
    expect(Array.from(load({ rate: 1 }).arrivalSeconds)).toEqual([0, 1, 1, 3]);
    expect(Array.from(load({ rate_scale: 3 }).arrivalSeconds)).toEqual([0, 1, 1, 3]);
  });

  it("may have the arrivals that a generated trace has at the same rate and seed", () => {
    const trace = load({ rate: 5, arrivals: { process: "poisson" } }, 3);
    const generated = generateTrace(
      {
        _target_: "traces.Generated",
        rate: 5,
        requests: 4,
        arrivals: { process: "poisson" },
        lengths: { prompt: { distribution: "constant", tokens: 1 }, output: { distribution: "constant", tokens: 1 } },
      },
      3,
      noTable,
    );
    expect(trace.arrivalSeconds).toEqual(generated.arrivalSeconds);
    expect(Array.from(trace.promptTokens)).toEqual([600, 600, 600, 600]);
    expect(trace.prefixBlocks?.ids).toEqual(Int32Array.of(0, 0, 0, 1, 0, 2, 0, 3));
  });

  it("depends on the seed only where its arrivals are drawn", () => {
    const node = (process: "recorded" | "gamma") =>
      ({ _target_: "traces.AzureCsv", path: "a.csv", arrivals: { process } }) as const;
    expect([isDrawn(node("recorded")), isDrawn(node("gamma"))]).toEqual([false, true]);
  });

  it.each([
    ["a rate and a rate_scale", { rate: 1, rate_scale: 2 }, "trace.rate_scale"],
    ["a rate_scale for drawn arrivals", { rate_scale: 2, arrivals: { process: "poisson" } }, "trace.rate_scale"],
    ["drawn arrivals without a rate", { arrivals: { process: "poisson" } }, "trace.rate"],
    ["gamma arrivals without a cv", { rate: 1, arrivals: { process: "gamma" } }, "trace.arrivals.cv"],
    ["recorded arrivals with a cv", { arrivals: { process: "recorded", cv: 2 } }, "trace.arrivals.cv"],
  ] as const)("refuses %s", (_, parameters, path) => {
    expect(() => load(parameters)).toThrow(ConfigError);
    expect(() => load(parameters)).toThrow(expect.objectContaining({ path }));
  });
});
