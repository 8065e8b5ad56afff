// A day of per-minute traffic for 100 models, half as many again as fit, on 40 GPUs: a million requests, popularity as 1/rank, a daily
// wave, minutes that differ much.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "./prepare.js";

const MODELS = 100;
const MINUTES = 1440;
const REQUESTS = 1_000_000;

export async function swapping() {
  const { simulate } = await import("../../dist/sim/simulation.js");
  const folder = mkdtempSync(join(tmpdir(), "servesweep-bench-"));
  const table = join(folder, "minutes.csv");
  writeFileSync(table, minutes());
  const inputs = await prepare([
    "swapping=pool",
    "swapping.models=[{architecture:llama2-13b,size:llama2-13b-fp16,count:50},{architecture:opt-30b,size:opt-30b-fp16,count:50}]",
    "swapping.workspace=2e+9",
    "swapping.max_replicas=4",
    "swapping.replica_queue=16",
    "cluster=a100-80gb",
    "cluster.servers.0.count=40",
    "cluster.servers.1.count=0",
    "trace=model_minutes",
    `trace.arrivals.table=${table}`,
    `trace.requests=${REQUESTS}`,
    "end_time=100000",
    "results.outputs=[]",
  ]);
  rmSync(folder, { recursive: true });
  const run = () => {
    const { trace, counts, swapping: record, completionOrder } = simulate(inputs);
    const loads = record.models.reduce((sum, model) => sum + model.loads, 0);
    return { requests: trace.count, completed: completionOrder.length, loads, ...counts };
  };
  return { run, warmUps: 1, repetitions: 1 };
}

/** Requests per minute of each model; the same every time. */
function minutes() {
  // Park and Miller's minimal standard generator.
  let state = 1;
  const uniform = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const names = Array.from({ length: MODELS }, (_, model) => `model_${model}`);
  const total = names.reduce((sum, _, model) => sum + 1 / (model + 1), 0);
  const rows = Array.from({ length: MINUTES }, (_, minute) => {
    const wave = 1 + 0.6 * Math.sin((2 * Math.PI * minute) / MINUTES);
    const counts = names.map((_, model) => {
      const mean = (REQUESTS / MINUTES / (model + 1) / total) * wave;
      return Math.round(mean * -Math.log(uniform()) * 1000) / 1000;
    });
    return [minute, ...counts].join(",");
  });
  return `${["minute", ...names].join(",")}\n${rows.join("\n")}\n`;
}
