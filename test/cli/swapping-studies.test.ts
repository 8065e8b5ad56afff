import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "./command.ts";

type Row = Readonly<Record<string, string>>;

/** Rows of runs.csv of a study with some values of its sweep replaced. */
async function rowsOf(study: string, ...overrides: string[]): Promise<Row[]> {
  const cwd = workingDirectory();
  const options = ["hydra.sweep.dir=study", "--quiet"];
  const { status, stderr } = await sweep(cwd, "-m", `+experiment=model_swapping/${study}`, ...overrides, ...options);
  expect(status, stderr).toBe(0);
  return parse(readFileSync(join(cwd, "study/runs.csv"), "utf8"), { columns: true });
}

const values = (rows: readonly Row[], column: string) => rows.map((row) => Number(row[column]));

describe("studies of model swapping", { timeout: 120_000 }, () => {
  test("policies: where many models take turns the oracle loads least, and more models mean more cold starts", async () => {
    const rows = await rowsOf("policies", "model_order=fcfs", "trace.rate=2", "seed=0", "trace.requests=500");
    expect(rows).toHaveLength(12);
    const loads = (models: string, eviction: string) =>
      Number(
        rows.find((row) => row["swapping.models.0.count"] === models && row.model_eviction === eviction)?.model_loads,
      );
    for (const models of ["40", "80"]) {
      for (const eviction of ["lru", "lfu", "fifo"]) {
        expect(loads(models, "belady")).toBeLessThanOrEqual(loads(models, eviction));
      }
    }
    expect(loads("20", "lru")).toBeLessThan(loads("40", "lru"));
    expect(loads("40", "lru")).toBeLessThan(loads("80", "lru"));
  });

  test("orders: where one model fits, first come, first served swaps more often than any order that stays", async () => {
    const rows = await rowsOf("orders", "swapping.models.0.count=16", "trace.rate=1", "seed=0");
    const loads = Object.fromEntries(rows.map((row) => [row.model_order, Number(row.model_loads)]));
    for (const order of ["batch_before_swap", "longest_queue", "cost_aware", "round_robin"]) {
      expect(loads[order]).toBeLessThan(loads.fcfs);
    }
  });

  test("keep_alive: the longer idle models stay, the fewer cold starts there are and the more memory they take", async () => {
    const rows = await rowsOf("keep_alive", "seed=0");
    const fixed = rows.filter((row) => row["labels.keep_alive"] !== "histogram");
    const cold = values(fixed, "cold_start_ratio");
    expect(cold).toEqual([...cold].sort((a, b) => b - a));
    // Share of memory, times a run that ends when the last model has left.
    const memory = fixed.map((row) => Number(row.processor_memory) * Number(row.simulated_seconds));
    expect(memory).toEqual([...memory].sort((a, b) => a - b));
    // For ever, with room for all: each of the 24 models once.
    expect(fixed.at(-1)?.model_loads).toBe("24");
  });

  test("links: each faster way to the weights shortens TTFT, and pipelining the layers shortens it further", async () => {
    const rows = await rowsOf("links", "trace.rate=0.25", "trace.requests=500");
    const byWay = (pipelining: string) =>
      values(
        rows.filter((row) => row["swapping.layer_pipelining"] === pipelining),
        "ttft_mean",
      );
    const [pcie4, pcie5, c2c, tiers, nvme] = byWay("False");
    expect([c2c, pcie5, pcie4, tiers, nvme]).toEqual([c2c, pcie5, pcie4, tiers, nvme].sort((a, b) => a - b));
    for (const [way, seconds] of byWay("True").entries()) expect(seconds).toBeLessThan(byWay("False")[way]);
  });

  test("pooling: six shared GPUs keep the targets that 48 do, and that six with fixed places miss", async () => {
    const rows = await rowsOf("pooling", "seed=0", "trace.applications.alpha=0", "trace.requests=1000");
    const attainment = (sharing: string, gpus: string) =>
      Number(
        rows.find((row) => row["labels.sharing"] === sharing && row["cluster.servers.0.count"] === gpus)
          ?.slo_attainment,
      );
    expect(attainment("own", "48")).toBe(1);
    expect(attainment("pool", "6")).toBeGreaterThanOrEqual(0.99);
    expect(attainment("fixed", "6")).toBeLessThan(0.99);
  });
});
