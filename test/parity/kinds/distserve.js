// Recorded runs of simdistserve, its search for the highest rate, and its enumeration of configurations.

import { prepare } from "../../../bench/cases/prepare.js";
import { configurations } from "../../../dist/analysis/goodput/configurations.js";
import { highestRate } from "../../../dist/analysis/goodput/highest-rate.js";
import { percentiles } from "../../../dist/results/summary-statistics.js";
import { simulate } from "../../../dist/sim/simulation.js";

const TARGETS_MS = { ttft: 200, tpot: 100 };

/** Inputs of compat=distserve for servers of exactly the processors that each instance needs. */
async function inputsFor({ backend, model, prefill, decode }) {
  const isSplit = backend === "distserve";
  const architecture = model.replace("facebook/", "");
  const shape = ({ tp, pp }, prefix) => [`${prefix}.tensor_parallelism=${tp}`, `${prefix}.pipeline_parallelism=${pp}`];
  const inputs = await prepare([
    "compat=distserve",
    `performance_model.fit=${backend}`,
    `applications.0.model_architecture=${architecture}`,
    "trace.requests=1",
    "cluster.servers.0.sku=prefill",
    "cluster.servers.1.sku=decode",
    "results.outputs=[]",
    ...(isSplit
      ? [...shape(prefill, "start_state.prompt"), ...shape(decode, "start_state.token")]
      : [
          "cluster.servers.1.count=0",
          "scheduler=jsq",
          "~scheduler.transfer_bandwidth",
          "start_state=baseline",
          ...shape(prefill, "start_state.instance"),
        ]),
  ]);
  const sku = ({ tp, pp }, name) => ({ name, processors: [{ name: "a100-80gb", count: tp * pp }] });
  return {
    ...inputs,
    skus: new Map([
      ["prefill", sku(prefill, "prefill")],
      ["decode", sku(decode, "decode")],
    ]),
  };
}

function traceOf(workload) {
  const column = (name) => Int32Array.from(workload, (request) => request[name]);
  const same = (value) => new Int32Array(workload.length).fill(value);
  return {
    count: workload.length,
    arrivalSeconds: Float64Array.from(workload, ({ start_time: seconds }) => seconds),
    promptTokens: column("prompt_len"),
    outputTokens: column("output_len"),
    requestId: Int32Array.from(workload, (_, row) => row),
    requestType: same(2),
    applicationId: same(0),
    batchSize: same(1),
    source: "golden",
  };
}

/** Latencies in milliseconds, by request. */
function latencies(inputs, workload) {
  const { outcomes, trace } = simulate({ ...inputs, trace: traceOf(workload) });
  const rows = workload.map((_, row) => row);
  const ttft = rows.map((row) => 1000 * (outcomes.prefillEndSeconds[row] - trace.arrivalSeconds[row]));
  const total = rows.map((row) => 1000 * (outcomes.completionSeconds[row] - trace.arrivalSeconds[row]));
  const decoding = rows.map((row) => 1000 * (outcomes.completionSeconds[row] - outcomes.prefillEndSeconds[row]));
  const tpot = rows.map((row) => decoding[row] / workload[row].output_len);
  const p90 = (values) => percentiles(Float64Array.from(values), [90])[0];
  const [p90Ttft, p90Tpot] = [p90(ttft), p90(tpot)];
  const good = rows.filter((row) => ttft[row] <= TARGETS_MS.ttft && tpot[row] <= TARGETS_MS.tpot);
  return {
    first_token_latency_ms: ttft,
    total_latency_ms: total,
    decoding_latency_ms: decoding,
    tpot_ms: tpot,
    p90_ttft_ms: p90Ttft,
    p90_tpot_ms: p90Tpot,
    prefill_contained: p90Ttft < TARGETS_MS.ttft,
    decode_contained: p90Tpot < TARGETS_MS.tpot,
    both_attainment_pct: (100 * good.length) / rows.length,
  };
}

function differs(expected, found, tolerance) {
  if (typeof expected === "number" && typeof found === "number") return !(Math.abs(expected - found) <= tolerance);
  return expected !== found;
}

async function checkRun(_path, _context, { input, output, tolerance }) {
  const prefill = { tp: input.tp_prefill, pp: input.pp_prefill };
  const decode = { tp: input.tp_decode, pp: input.pp_decode };
  const found = latencies(await inputsFor({ ...input, prefill, decode }), input.workload);
  return Object.entries(found).flatMap(([name, value]) => {
    const expected = output[name];
    if (!Array.isArray(value)) {
      return differs(expected, value, tolerance) ? [`${name}: ${value}, expected ${expected}`] : [];
    }
    return value.flatMap((one, row) =>
      differs(expected[row], one, tolerance) ? [`${name}[${row}]: ${one}, expected ${expected[row]}`] : [],
    );
  });
}

async function checkSearch(_path, _context, { input, output }) {
  const { model, requests, unit_exponential_gaps: gaps, targets, max_per_gpu_rate: maximum, epsilon } = input;
  const best = async (backend, prefill, decode) => {
    const processors = prefill.tp * prefill.pp + (backend === "distserve" ? decode.tp * decode.pp : 0);
    const inputs = await inputsFor({ backend, model, prefill, decode });
    return highestRate({ maximum, epsilon }, (perProcessor) => {
      let seconds = 0;
      const workload = requests.map(([prompt_len, output_len], row) => {
        if (row > 0) seconds += gaps[row - 1] / (perProcessor * processors);
        return { start_time: seconds, prompt_len, output_len };
      });
      const { p90_ttft_ms: ttft, p90_tpot_ms: tpot } = latencies(inputs, workload);
      return ttft < targets.ttft_ms && tpot < targets.tpot_ms;
    });
  };
  const lines = [];
  const compare = (name, expected, found) => {
    if (expected !== found) lines.push(`${name}: ${found}, expected ${expected}`);
  };
  for (const [name, expected] of Object.entries(output.best_per_gpu_rate_distserve)) {
    const [, tpPrefill, ppPrefill, tpDecode, ppDecode] = name.split(",").map(Number);
    compare(name, expected, await best("distserve", { tp: tpPrefill, pp: ppPrefill }, { tp: tpDecode, pp: ppDecode }));
  }
  for (const [name, expected] of Object.entries(output.best_per_gpu_rate_vllm)) {
    const [tp, pp] = name.split(",").map(Number);
    compare(`vllm ${name}`, expected, await best("vllm", { tp, pp }, { tp, pp }));
  }
  return lines;
}

const MODELS = { opt_13b: [40, 40], opt_66b: [64, 72], opt_175b: [96, 96] };

function enumerated(model, size, affinity) {
  const [layers, heads] = MODELS[model];
  const [nodes, gpusPerNode] = size.split("x").map(Number);
  return configurations({ layers, heads, nodes, gpusPerNode, affinity });
}

async function checkConfigurations(_path, _context, { output }) {
  const lines = [];
  for (const [name, expected] of Object.entries(output.counts)) {
    const [model, size, isHigh] = name.split("-");
    const found = enumerated(model, size, isHigh === "True" ? "high" : "low").length;
    if (found !== expected) lines.push(`${name}: ${found}, expected ${expected}`);
  }
  for (const [name, expected] of Object.entries(output)) {
    const match = /^(?:affinity_)?(high|low)_(\d+x\d+)(_66b)?$/.exec(name);
    if (match === null) continue;
    const found = enumerated(match[3] === undefined ? "opt_13b" : "opt_66b", match[2], match[1]);
    const [a, b] = [found, expected].map((list) => list.map(String).sort().join(" "));
    if (a !== b) lines.push(`${name}: ${a}, expected ${b}`);
  }
  return lines;
}

const kindOf = (name, value, check) => ({ name, matches: (_path, content) => content?.kind === value, check });

export const distServeRun = kindOf("simdistserve run", "simdistserve", checkRun);
export const distServeSearch = kindOf("simdistserve search", "simdistserve-search", checkSearch);
export const distServeConfigurations = kindOf(
  "simdistserve configurations",
  "simdistserve-configs",
  checkConfigurations,
);
