import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sampleRankCorrelation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { jointEmpirical } from "../../src/sim/kernel/distributions/joint-empirical.ts";
import { createRandomStream } from "../../src/sim/kernel/random.ts";
import { parseJointTable } from "../../src/traces/lengths/joint-table.ts";
import { readAnyTraceFile } from "../../src/traces/read-trace-file.ts";
import { sharedTrace, tracesAreShared } from "./shared-traces.ts";

const DRAWS = 200_000;

interface Lengths {
  readonly prompt: number[];
  readonly output: number[];
}

function drawFrom(service: string): Lengths {
  const file = join(import.meta.dirname, `../../data/lengths/azure-2023-${service}.csv`);
  const draw = jointEmpirical(parseJointTable(readFileSync(file), file));
  const random = createRandomStream(1, "length tables");
  const pairs = Array.from({ length: DRAWS }, () => draw(random));
  return { prompt: pairs.map(([prompt]) => Math.round(prompt)), output: pairs.map(([, output]) => Math.round(output)) };
}

function figures(values: readonly number[]) {
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return [mean, ...[0.5, 0.9, 0.99].map((level) => sorted[Math.round(level * (sorted.length - 1))])];
}

describe("the shipped length tables", () => {
  // Means of the data: splitwise-sim's description of the same files.
  it.each([
    ["code", 2047.8, 27.9],
    ["conv", 1154.7, 211.1],
  ])("%s has the data's means within 1 %%", (service, prompt, output) => {
    const drawn = drawFrom(service);
    expect(Math.abs(figures(drawn.prompt)[0] / prompt - 1)).toBeLessThan(0.01);
    expect(Math.abs(figures(drawn.output)[0] / output - 1)).toBeLessThan(0.015);
  });

  it.skipIf(!tracesAreShared).each(["code", "conv"])(
    "%s is near the data in quantiles (3 %%) and rank correlation (0.02) (needs ../shared)",
    (service) => {
      const drawn = drawFrom(service);
      const trace = readAnyTraceFile(sharedTrace(`AzureLLMInferenceTrace_${service}.csv`)).trace;
      const data = { prompt: Array.from(trace.promptTokens), output: Array.from(trace.outputTokens) };
      for (const variable of ["prompt", "output"] as const) {
        const expected = figures(data[variable]);
        figures(drawn[variable]).forEach((found, i) => {
          expect(Math.abs(found / expected[i] - 1)).toBeLessThan(0.03);
        });
      }
      const correlation = ({ prompt, output }: Lengths) => sampleRankCorrelation(prompt, output);
      expect(Math.abs(correlation(drawn) - correlation(data))).toBeLessThan(0.02);
    },
  );
});
