import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readPerformanceTable } from "../../src/inputs/performance-table.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const RAW = join(PROJECT, "../shared/data/splitwise/perf_model.csv");

const HEADER = "model,hardware,prompt_size,batch_size,token_size,prompt_time,token_time,tensor_parallel";

test("measurements in milliseconds become medians in seconds by batch tokens", () => {
  const rows = [
    "m,h,128,4,1,30,3,8",
    "m,h,512,1,1,10,1,8",
    "m,h,512,1,9,40,2,8",
    "m,h,512,1,9,20,8,8",
    "m,h,64,1,1,5,1,8",
  ];
  const [curves] = readPerformanceTable([HEADER, ...rows, ""].join("\n"), "raw.csv");
  expect(curves).toMatchObject({
    tensorParallelism: 8,
    batchTokens: [64, 512],
    prefillSeconds: [0.005, 0.025],
    decodeSeconds: [0.001, 0.0025],
  });
});

test("a measurement that is no number is refused", () => {
  const text = [HEADER, "m,h,128,1,1,fast,3,8", "m,h,512,1,1,10,1,8", ""].join("\n");
  expect(() => readPerformanceTable(text, "raw.csv")).toThrow(/NaN/);
});

// Skipped where SplitwiseSim's raw table is absent. Ours was derived from it with pandas and NumPy.
test.skipIf(!existsSync(RAW))("SplitwiseSim's raw table gives the doubles of ours", () => {
  const ours = readFileSync(join(PROJECT, "data/performance/perf_model.csv"), "utf8");
  const byKind = (text: string) =>
    new Map(
      readPerformanceTable(text, "t").map((c) => [
        `${c.modelArchitecture} ${c.processorName} ${c.tensorParallelism}`,
        c,
      ]),
    );
  expect(byKind(readFileSync(RAW, "utf8"))).toEqual(byKind(ours));
});
