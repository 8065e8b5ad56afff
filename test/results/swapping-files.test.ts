import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSamples } from "../../src/analysis/read-samples.ts";
import { requestTables } from "../../src/results/request-table.ts";
import { runFiles } from "../../src/results/run-files.ts";
import { simulate } from "../../src/sim/simulation.ts";
import type { SwapRecord } from "../../src/sim/swapping/swap-record.ts";
import { type Scenario, scenarioInputs } from "../sim/swapping/scenario.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const SCENARIO: Scenario = {
  weights: [200, 300],
  rows: [
    { arrival: 1, prompt: 512, output: 3, application: 0 },
    { arrival: 2, prompt: 512, output: 1, application: 1 },
    { arrival: 9, prompt: 512, output: 1, application: 1 },
  ],
};

function filesOf(sampleIntervalSeconds: number) {
  const record = simulate({ ...scenarioInputs(SCENARIO), sampleIntervalSeconds });
  const files = runFiles(record, requestTables(record), new Set(["swapping", "samples"]), { targets: { ttft: 2 } });
  const text = (name: string) => [...(files.get(name) as Iterable<string>)].join("");
  return {
    record,
    files,
    rows: (name: string) =>
      text(name)
        .trim()
        .split("\n")
        .map((line) => line.split(",")),
  };
}

describe("files of a run that swaps models", () => {
  test("have the columns that docs/results.md explains", () => {
    const { files, rows } = filesOf(1);
    const docs = readFileSync(new URL("../../docs/results.md", import.meta.url), "utf8");
    const section = docs.slice(docs.indexOf("### Where models are swapped"), docs.indexOf("## A sweep"));
    const names = [...files.keys()].filter((name) => name.startsWith("swapping/"));
    expect(names.length).toBe(7);
    for (const name of names) {
      expect(section).toContain(name);
      for (const column of rows(name)[0]) expect(section, `${name}: ${column}`).toContain(`\`${column}\``);
    }
  });

  test("count per model the requests that meet all targets", () => {
    // Loads of 2 and 3 s, a prefill of half a second. The processor holds one model at a time.
    const [header, ...models] = filesOf(1).rows("swapping/models.csv");
    const column = header.indexOf("slo_attainment");
    expect(models.map((row) => row[column])).toEqual(["0", "0.5"]);
  });

  test("show processors and links over time (worked by hand)", () => {
    // The first model's 200 bytes come from 1 to 3 s at 100 bytes/s; it computes until 3.625 s, then the second's 300 come.
    const { rows } = filesOf(1);
    const [, ...links] = rows("swapping/link_samples.csv").filter(([, link]) => link !== "server 0 processor 0 out");
    expect(links.slice(0, 8).map((row) => row.slice(2).map(Number))).toEqual([
      [0, 0],
      [0, 0],
      [1, 100],
      [1, 100],
      [0.375, 37.5],
      [1, 100],
      [1, 100],
      [0.625, 62.5],
    ]);
    const [, ...groups] = rows("swapping/group_samples.csv");
    expect(groups.slice(0, 8).map((row) => row.slice(4).map(Number))).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 1, 0, 1],
      [0, 1, 0, 1],
      [0, 1, 0, 1],
      [0, 1, 0, 1],
      [0, 1, 0, 1],
      [1, 0, 1, 0],
    ]);
  });

  test("add up to what links have moved, and memory is never above capacity", () => {
    const { record } = filesOf(0.3);
    const { links, groups, samples } = record.swapping as SwapRecord;
    links.forEach(({ movedBytes }, index) => {
      const own = samples?.movedBytes.filter((_, row) => row % links.length === index) ?? [];
      expect(own.reduce((sum, bytes) => sum + bytes, 0)).toBeCloseTo(movedBytes, 9);
    });
    for (const bytes of samples?.committedBytes ?? []) expect(bytes).toBeLessThanOrEqual(groups[0].memoryBytes);
  });

  test("samples.csv has the rows of an instance from its model's first load on, with its own memory", () => {
    const [, ...rows] = filesOf(1).rows("samples.csv");
    const shown = rows.slice(0, 4).map(([seconds, application, , , , , , , bytes]) => [seconds, application, bytes]);
    // The weights, and from the prefill on the KV caches of 512 + 3 tokens.
    expect(shown).toEqual([
      ["2", "0", "200"],
      ["3", "0", "200"],
      ["4", "0", "0"],
      ["4", "1", "300"],
    ]);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([11]));
  });

  test("samples.csv is drawn from the first instance on", async () => {
    const file = join(temporaryDirectory(), "samples.csv");
    writeFileSync(file, filesOf(1).rows("samples.csv").join("\n"));
    const [{ seconds }] = await readSamples(file, 100);
    expect(seconds.slice(0, 3)).toEqual([2, 3, 4]);
  });

  test("are of a run that sampling does not change", () => {
    const { samples: _, swapping, ...sampled } = simulate({ ...scenarioInputs(SCENARIO), sampleIntervalSeconds: 0.3 });
    const { samples: __, ...swapped } = swapping as SwapRecord;
    const { swapping: plain, ...record } = simulate(scenarioInputs(SCENARIO));
    expect(sampled).toEqual(record);
    expect(swapped).toEqual(plain);
  });
});
