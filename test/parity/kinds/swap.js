// Hand-worked answers on swapping models: loads over links, evictions, orders of models. Sums of seconds may differ by rounding.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Kernel } from "../../../dist/sim/kernel/kernel.js";
import { SequenceQueue } from "../../../dist/sim/kernel/sequence-queue.js";
import { fitOfAppendix } from "../../../dist/sim/performance/appendix-fit.js";
import { Link } from "../../../dist/sim/swapping/links/link.js";
import { loadSeconds } from "../../../dist/sim/swapping/links/server-links.js";
import { Transfers } from "../../../dist/sim/swapping/links/transfers.js";

const GB = 1e9;
const RELATIVE = 1e-12;
const A100_BYTES = 85_899_345_920;

function comparer() {
  const lines = [];
  const check = (name, expected, found) => {
    if (Math.abs(found - expected) <= RELATIVE * Math.abs(expected)) return;
    lines.push(`${name}: ${found}, expected ${expected}`);
  };
  return { lines, check };
}

function checkLoadTimes(cases, check) {
  for (const { input, output_s } of cases) {
    const stages = input.links_GBps.map((rate, index) => [new Link(`stage ${index}`, rate * GB)]);
    const forwarding = input.mode.startsWith("store_and_forward") ? "store_and_forward" : "chunks";
    const route = { stages, latencySeconds: input.fixed_s };
    check(`load of ${input.mode}`, output_s, loadSeconds(input.bytes, route, { forwarding, chunk: input.chunk_bytes }));
  }
}

function checkSharedLinks(cases, check) {
  for (const { input, finish_s } of cases) {
    const kernel = new Kernel(new SequenceQueue());
    const link = new Link("shared", input.link_GBps * GB);
    const transfers = new Transfers(kernel, input.discipline === "fifo" ? "fifo" : "fair");
    const found = [];
    const start = kernel.on((job) => {
      const own = input.per_gpu_cap_GBps === null ? [] : [new Link("own", input.per_gpu_cap_GBps * GB)];
      const bytes = input.jobs_start_s_size_GB[job][1] * GB;
      const onArrived = () => {
        found[job] = kernel.now;
      };
      transfers.start({ bytes, links: [link, ...own], isPrefetch: false, onArrived });
    });
    input.jobs_start_s_size_GB.forEach(([seconds], job) => {
      kernel.at(seconds, start, job);
    });
    kernel.run(Number.POSITIVE_INFINITY, "before");
    finish_s.forEach((seconds, job) => {
      check(`${input.discipline}, job ${job}`, seconds, found[job]);
    });
  }
}

/** Runs the command with models of these sizes on one processor, on requests of one prompt token and one output token. */
function sweep({ project, outputDir }, name, { sizes, capacityBytes, requests, prefillSeconds, overrides }) {
  const folder = join(outputDir, name);
  mkdirSync(join(folder, "sizes"), { recursive: true });
  for (const [model, bytes] of Object.entries(sizes)) {
    const size = { architecture: "opt-13b", weights: bytes, dtype_size: 2, kv_bytes_per_token: 1 };
    writeFileSync(join(folder, `sizes/${model}.yaml`), JSON.stringify(size));
  }
  const models = Object.keys(sizes);
  const rows = requests.map(([seconds, model], row) => `${row},2,${models.indexOf(model)},${seconds},1,1,1`);
  const header = "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size";
  writeFileSync(join(folder, "trace.csv"), `${[header, ...rows].join("\n")}\n`);
  const fit = { fit: "hand", model: "opt-13b", tensor_parallelism: 1, decode: [1, 0, 0], large_decode: [1, 0, 0] };
  const words = [
    "swapping=pool",
    "cluster=a100-80gb",
    "cluster.servers.1.count=0",
    "performance_model=distserve",
    "performance_model.fit=hand",
    `performance_model.fits=${hydraList([{ ...fit, prefill: [prefillSeconds * 1000, 0, 0] }])}`,
    `model_repo.sizes=${join(folder, "sizes")}`,
    `trace.path=${join(folder, "trace.csv")}`,
    "swapping.instance.max_batch_size=1",
    "swapping.overheads.attach=0",
    `swapping.workspace=${A100_BYTES - capacityBytes - 100}`,
    `output_dir=${join(folder, "out")}`,
    ...overrides,
  ];
  const list = models.map((size) => ({ architecture: "opt-13b", size, count: 1 }));
  if (!words.some((word) => word.startsWith("swapping.models="))) words.push(`swapping.models=${hydraList(list)}`);
  const { status, stderr } = spawnSync("node", [join(project, "bin/sweep.js"), ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(`sweep exits with ${status}: ${stderr}`);
  return (name) => readCsv(join(folder, "out", name));
}

function readCsv(path) {
  const [header, ...rows] = readFileSync(path, "utf8").trim().split("\n");
  const columns = header.split(",");
  return rows.map((row) => Object.fromEntries(row.split(",").map((cell, index) => [columns[index], cell])));
}

const hydraList = (items) =>
  `[${items.map((item) => `{${Object.entries(item).map(([key, value]) => `${key}:${Array.isArray(value) ? `[${value}]` : value}`)}}`)}]`;

const EVICTIONS = { lru: "lru", lfu: "lfu", largest: "size", belady: "belady", lru_pinned_A: "lru" };

function checkEvictions({ input, output }, context, { lines, check }) {
  const sizes = Object.fromEntries(Object.entries(input.sizes_GB).map(([model, size]) => [model, size * GB]));
  const requests = input.accesses.map((model, index) => [index + 1, model]);
  for (const [name, expected] of Object.entries(output)) {
    const models = Object.keys(sizes).map((size) => ({ architecture: "opt-13b", size, count: 1 }));
    if (name.includes("pinned_A")) models[0].pinned = true;
    const file = sweep(context, `eviction-${name}`, {
      sizes,
      capacityBytes: input.capacity_GB * GB,
      requests,
      prefillSeconds: 1e-3,
      overrides: [
        `model_eviction=${EVICTIONS[name]}`,
        "weight_links.processor=1e+15",
        `swapping.models=${hydraList(models)}`,
      ],
    });
    const rows = file("swapping/models.csv");
    const sum = (column) => rows.reduce((total, row) => total + Number(row[column]), 0);
    check(`${name}, hits`, expected.hits, sum("hits"));
    check(`${name}, misses`, expected.misses, sum("requests") - sum("hits"));
    check(`${name}, GB loaded`, expected.GB_loaded, sum("loaded_gigabytes"));
    const names = rows.map(({ model }) => model);
    const evictedAt = (second) =>
      file("swapping/log.csv")
        .filter(({ seconds, event }) => event === "evict" && Math.floor(Number(seconds)) === second)
        .map(({ model }) => Object.keys(sizes)[names.indexOf(model)]);
    expected.log.forEach(({ access, evicted }, index) => {
      const found = evictedAt(index + 1).join();
      if (found !== evicted.join())
        lines.push(`${name}, access ${index} to ${access} evicts ${found}, expected ${evicted}`);
    });
  }
}

function checkOrders(cases, context, check) {
  for (const [index, { input, fcfs_makespan_s, grouped_makespan_s }] of cases.entries()) {
    const expected = { fcfs: fcfs_makespan_s, batch_before_swap: grouped_makespan_s };
    for (const [order, seconds] of Object.entries(expected)) {
      const requests = Array.from({ length: input.requests_alternating }, (_, row) => [0, row % 2 === 0 ? "A" : "B"]);
      const file = sweep(context, `order-${index}-${order}`, {
        sizes: { A: 16 * GB, B: 16 * GB },
        capacityBytes: 16 * GB,
        requests,
        prefillSeconds: input.service_s,
        overrides: [`model_order=${order}`, `weight_links.processor=${(16 * GB) / input.swap_s}`],
      });
      // All arrive at 0.
      const ends = ["0", "1"].flatMap((application) => file(`detailed/${application}.csv`));
      check(`${order}, makespan`, seconds, Math.max(...ends.map(({ response_times }) => Number(response_times))));
    }
  }
}

/** The published coefficients are those of the constants, and the example's time is what the fit gives. */
function checkAppendix({ input, output, check: example }, check) {
  const { prefill } = fitOfAppendix({
    fit: "appendix",
    model: input.model,
    tensor_parallelism: 1,
    hidden_size: input.h,
    ffn_size: input.m,
    attention_block: input.b,
    constants: [output.C1, output.C2, output.C3, 0, 0],
  });
  input.published_abc_ms.forEach((coefficient, index) => {
    check(`appendix, coefficient ${index}`, coefficient, prefill[index]);
  });
  const sum = (power) => example.lengths.reduce((total, length) => total + length ** power, 0);
  const found = prefill[0] + prefill[1] * sum(1) + prefill[2] * sum(2);
  check("prefill of the appendix", example.prefill_ms, found);
}

/** @type {import("./index.js").Kind} */
export const swap = {
  name: "model swapping",
  matches: (_path, content) => content?.batch_before_swap !== undefined,
  async check(_path, context, golden) {
    const { lines, check } = comparer();
    checkLoadTimes(golden.load_time, check);
    checkSharedLinks(golden.shared_link, check);
    checkAppendix(golden.appendix_a, check);
    checkEvictions(golden.eviction, context, { lines, check });
    checkOrders(golden.batch_before_swap, context, check);
    return lines;
  },
};
