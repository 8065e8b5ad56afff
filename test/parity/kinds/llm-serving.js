// Recorded runs of LLM-Serving-Simulator: folders with an input.json of clusters, policies and requests.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { prepare } from "../../../bench/cases/prepare.js";
import { loadMilpSolver } from "../../../dist/inputs/milp-solver.js";
import { pairwiseSum } from "../../../dist/results/pairwise-sum.js";
import { PythonRandom } from "../../../dist/sim/kernel/python-random.js";
import { onTimeProgramme } from "../../../dist/sim/policy/local/milp.js";
import { onTimeJobs } from "../../../dist/sim/policy/local/moore-hodgson.js";
import { simulate } from "../../../dist/sim/simulation.js";
import { interpolated, withLlmServingArrivals, zipfRequests } from "../../../dist/traces/llm-serving-requests.js";
import { parseMooncakeJsonl } from "../../../dist/traces/mooncake-jsonl.js";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const readCsv = (path) => parse(readFileSync(path), { columns: true });

function requestsOf(folder, input, { traceDirs }) {
  if (input.requests !== undefined) return input.requests;
  const [name] = /[^/]+\.jsonl/.exec(input.requests_from.trace);
  const directory = traceDirs.find((candidate) => existsSync(join(candidate, name)));
  if (directory === undefined) throw new Error(`${name} is not here`);
  const trace = parseMooncakeJsonl(readFileSync(join(directory, name)), name);
  return readCsv(join(folder, "arrivals.csv")).map((row, id) => ({
    id,
    arrival: Number(row.arrival),
    input_length: trace.promptTokens[id],
    output_length: trace.outputTokens[id],
  }));
}

function traceOf(requests) {
  const same = (value) => new Int32Array(requests.length).fill(value);
  return {
    count: requests.length,
    arrivalSeconds: Float64Array.from(requests, ({ arrival }) => arrival),
    promptTokens: Int32Array.from(requests, (request) => request.input_length),
    outputTokens: Int32Array.from(requests, (request) => request.output_length),
    requestId: Int32Array.from(requests, ({ id }) => id),
    requestType: same(2),
    applicationId: same(0),
    batchSize: same(1),
    source: "golden",
  };
}

async function inputsFor(input, isSampled, isLogged) {
  const { policies, model_dims: dims, model_config: model } = input;
  const localOverrides = ["prefill_local", "decode_local"].flatMap((group) => {
    const policy = policies[group];
    const hasDeadline = policy === "milp";
    return [
      `${group}=${policy}`,
      ...(hasDeadline
        ? [`${group}.deadline=${input.ttft_slo}`, `${group}.seconds_per_token=0.001`, `${group}.max_requests=12`]
        : []),
    ];
  });
  const inputs = await prepare([
    "compat=llm_serving",
    `prefill_global=${policies.prefill_global}`,
    `decode_global=${policies.decode_global}`,
    ...localOverrides,
    `scheduler.transfer_bandwidth=${model.kv_cache_transmission_speed / 2 ** 30}`,
    `performance_model.flash_attention=${model.use_flashattention}`,
    `start_state.prompt.num_instances=${input.prefill.length}`,
    `start_state.token.num_instances=${input.decode.length}`,
    `seed=${input.seed}`,
    `debug=${isLogged}`,
    `engine.sample_rate=${isSampled ? input.sample_rate : 0}`,
    `engine.stepping=${isLogged ? "single" : "stretch"}`,
    "trace.requests=1",
    "results.outputs=[detailed,request_nodes]",
    "end_time=1e12",
  ]);
  const servers = [...input.prefill, ...input.decode].map(({ hardware, tp_size: count }, index) => ({
    sku: `instance-${index}`,
    count: 1,
    hardware,
    processors: count,
  }));
  const processor = ([name, row]) => [
    name,
    {
      name,
      memory_size: row.mem,
      memory_bandwidth: row.bandwidth,
      peak_flops: { fp16: row.FP16, int8: row.INT8 },
      onchip_buffer: row.onchip_buffer,
    },
  ];
  const sku = (server) => [
    server.sku,
    { name: server.sku, processors: [{ name: server.hardware, count: server.processors }] },
  ];
  return {
    ...inputs,
    config: { ...inputs.config, cluster: { servers: servers.map(({ sku: name, count }) => ({ sku: name, count })) } },
    processors: new Map(Object.entries(input.hardware_params).map(processor)),
    skus: new Map(servers.map(sku)),
    architectures: new Map([
      [
        "llama3.3-70b",
        {
          name: "llama3.3-70b",
          num_layers: dims.num_hidden_layers ?? dims.n_layer,
          hidden_size: dims.hidden_size ?? dims.n_embd,
          num_heads: dims.num_attention_heads ?? dims.n_head,
          num_kv_heads: dims.num_key_value_heads ?? dims.n_head,
          intermediate_size: dims.intermediate_size ?? 4 * dims.n_embd,
          vocab_size: dims.vocab_size,
          ...(dims.n_embd === undefined ? {} : { mlp: "plain", qkv: "fused" }),
        },
      ],
    ]),
    sizes: new Map([
      [
        "llama3.3-70b-llm_serving",
        {
          architecture: "llama3.3-70b",
          weights: ((model.weight_count * model.w_bit) / 8) * 1e9,
          dtype_size: model.w_bit / 8,
          kv_dtype_size: (model.kv_bit ?? model.a_bit) / 8,
          activation_dtype_size: model.a_bit / 8,
          kv_bytes_per_token: model.per_token_kv_cache_size_byte,
        },
      ],
    ]),
    milpSolver: policies.prefill_local === "milp" ? await loadMilpSolver() : undefined,
  };
}

/** Columns of requests.csv by request, as the original reports them. */
function requestRows(record, prefillInstances) {
  const { trace, outcomes } = record;
  return Array.from({ length: trace.count }, (_, row) => {
    const left = outcomes.tokensLeftAtEviction?.[row] ?? 0;
    const original = trace.outputTokens[row];
    const reported = left === 0 ? original : left;
    const transferred = outcomes.transferEndSeconds[row];
    return {
      id: trace.requestId[row],
      arrival: trace.arrivalSeconds[row],
      input_length: trace.promptTokens[row] + original - reported,
      output_length: reported,
      prefill_start: outcomes.prefillStartSeconds[row],
      prefill_finish: outcomes.prefillEndSeconds[row],
      ttft: outcomes.prefillEndSeconds[row] - trace.arrivalSeconds[row],
      decode_start: outcomes.decodeStartSeconds[row],
      decode_finish: outcomes.decodeEndSeconds[row],
      tpot: (outcomes.decodeEndSeconds[row] - transferred) / reported,
      original_input_length: trace.promptTokens[row],
      original_output_length: original,
      prefill_instance: outcomes.prefillInstance[row],
      decode_instance: outcomes.decodeInstance[row] - prefillInstances,
      kv_transmission_finish: transferred,
      decode_steps: reported,
    };
  });
}

function compareRows(name, expected, found) {
  const lines = expected.length === found.length ? [] : [`${name}: ${found.length} rows, expected ${expected.length}`];
  for (let i = 0; i < Math.min(expected.length, found.length); i++) {
    for (const [column, text] of Object.entries(expected[i])) {
      if (!(column in found[i])) continue;
      const value = found[i][column];
      const isSame =
        typeof value === "number" ? (text === "" ? Number.isNaN(value) : Number(text) === value) : text === value;
      if (!isSame) lines.push(`${name}:${i + 2} ${column}: ${value}, expected ${text}`);
    }
  }
  return lines;
}

/** All events in the order in which they were popped: by time, then type, then payload. */
function events(record, prefillInstances) {
  const { trace, outcomes } = record;
  const found = [];
  const prefills = new Set();
  for (let row = 0; row < trace.count; row++) {
    found.push({ time: trace.arrivalSeconds[row], type: "arrival", payload: row });
    const instance = outcomes.prefillInstance[row];
    prefills.add(`${outcomes.prefillEndSeconds[row]} ${instance}`);
    found.push({ time: outcomes.prefillEndSeconds[row], type: "prefill_finish", payload: instance });
    found.push({ time: outcomes.transferEndSeconds[row], type: "kv_transmission_finish", payload: row });
  }
  for (const { instance, rows } of record.instanceLogs) {
    for (const { iterationEndSeconds } of rows) {
      found.push({ time: iterationEndSeconds, type: "decode_step", payload: instance - prefillInstances });
    }
  }
  return found.sort((a, b) => a.time - b.time || (a.type < b.type ? -1 : a.type > b.type ? 1 : a.payload - b.payload));
}

/** In the order in which the iterations were timed: at the event that starts them. */
function iterations(record, prefillInstances) {
  const rows = record.instanceLogs.flatMap(({ instance, rows: logged }) =>
    logged.map((row) => ({
      time: row.iterationStartSeconds,
      padded_length: row.longestContextTokens,
      batch: row.batchSize,
      duration: row.firstIterationSeconds,
      instance: instance - prefillInstances,
    })),
  );
  return rows.sort((a, b) => a.time - b.time || a.instance - b.instance);
}

function samplesOf(record, input) {
  const { queues, memory } = record.eventSamples ?? { queues: [], memory: [] };
  const { trace, outcomes } = record;
  const list = (values) => `[${values.join(", ")}]`;
  const python = (value) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  return {
    "memory_usage.csv": memory.map(({ seconds, instance, share }) => ({
      timestamp: seconds,
      instance_id: instance,
      instance_group: "decode",
      memory_usage: share,
    })),
    "queue_states.csv": queues.map(({ seconds, instance, requests }) => ({
      timestamp: seconds,
      instance_id: instance,
      instance_group: "prefill",
      indicies: list(requests.map((row) => trace.requestId[row])),
      // Lengths are read when the run is over: rewritten ones of evicted requests.
      input_lengths: list(
        requests.map((row) => {
          const left = outcomes.tokensLeftAtEviction?.[row] ?? 0;
          return trace.promptTokens[row] + (left === 0 ? 0 : trace.outputTokens[row] - left);
        }),
      ),
      deadlines: list(requests.map((row) => python(trace.arrivalSeconds[row] + input.ttft_slo - seconds))),
    })),
  };
}

const QUANTILES = { p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 };

function quantile(sorted, q) {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const share = place - below;
  const [a, b] = [sorted[below], sorted[Math.min(below + 1, sorted.length - 1)]];
  return share < 0.5 ? a + (b - a) * share : b - (b - a) * (1 - share);
}

/** NumPy's sum of a column that it has to buffer, 8,192 values at a time. */
function bufferedSum(values) {
  let sum = 0;
  for (let start = 0; start < values.length; start += 8192) {
    sum += pairwiseSum(values, start, Math.min(8192, values.length - start));
  }
  return sum;
}

function statistics(prefix, values, slo) {
  const sorted = Float64Array.from(values).sort();
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const found = Object.fromEntries(
    Object.entries(QUANTILES).map(([name, q]) => [`${prefix}_${name}`, quantile(sorted, q)]),
  );
  return {
    ...found,
    [`${prefix}_mean`]: bufferedSum(Float64Array.from(values)) / values.length,
    [`${prefix}_std`]: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null,
    attainment: (values.filter((value) => value < slo).length / values.length) * 100,
  };
}

function statsOf(rows, record, input) {
  const ttft = statistics(
    "ttft",
    rows.map((row) => row.ttft),
    input.ttft_slo,
  );
  const tpot = statistics(
    "tpot",
    rows.map((row) => row.tpot),
    input.tpot_slo,
  );
  const { attainment: ttftAttainment, ...ttftStats } = ttft;
  const { attainment: tpotAttainment, ...tpotStats } = tpot;
  return {
    ...ttftStats,
    ...tpotStats,
    slo_attainment_pct: ttftAttainment,
    tpot_slo_attainment_pct: tpotAttainment,
    total_requests: rows.length,
    makespan: record.endSeconds,
    rewritten_by_eviction: rows.filter((row) => row.output_length !== row.original_output_length).length,
    evicted_request_events: (record.outcomes.preemptions ?? []).reduce((sum, count) => sum + count, 0),
  };
}

async function check(folder, context) {
  const input = readJson(join(folder, "input.json"));
  const requests = requestsOf(folder, input, context);
  const has = (name) => existsSync(join(folder, name));
  const isLogged = has("events.csv") || has("decode_iterations.csv");
  const isSampled = has("memory_usage.csv") || has("queue_states.csv");
  const inputs = await inputsFor(input, isSampled, isLogged);
  const record = simulate({ ...inputs, trace: traceOf(requests), recording: "tasks" });
  const count = input.prefill.length;
  const rows = requestRows(record, count);
  const lines = [];
  if (has("requests.csv")) lines.push(...compareRows("requests.csv", readCsv(join(folder, "requests.csv")), rows));
  if (has("requests_every_100th.csv")) {
    const expected = readCsv(join(folder, "requests_every_100th.csv"));
    lines.push(
      ...compareRows(
        "requests_every_100th.csv",
        expected,
        expected.map(({ id }) => rows[Number(id)]),
      ),
    );
  }
  if (has("events.csv"))
    lines.push(...compareRows("events.csv", readCsv(join(folder, "events.csv")), events(record, count)));
  if (has("decode_iterations.csv")) {
    const found = iterations(record, count);
    const expected = readCsv(join(folder, "decode_iterations.csv"));
    // Iterations that start at one time are in the order of the events that start them, which the file does not name.
    const key = (row) => [row.time, row.padded_length, row.batch, row.duration].map(Number).join();
    const sorted = (list) => [...list].sort((a, b) => Number(a.time) - Number(b.time) || (key(a) < key(b) ? -1 : 1));
    lines.push(...compareRows("decode_iterations.csv", sorted(expected), sorted(found)));
  }
  if (isSampled) {
    for (const [name, found] of Object.entries(samplesOf(record, input))) {
      if (has(name)) lines.push(...compareRows(name, readCsv(join(folder, name)), found));
    }
  }
  const stats = statsOf(rows, record, input);
  const expected = readJson(join(folder, "stats.json"));
  for (const [name, value] of Object.entries(stats)) {
    if (name in expected && expected[name] !== value)
      lines.push(`stats.json ${name}: ${value}, expected ${expected[name]}`);
  }
  if (expected.event_count !== undefined && has("events.csv")) {
    const found = events(record, count).length;
    if (found !== expected.event_count)
      lines.push(`stats.json event_count: ${found}, expected ${expected.event_count}`);
  }
  return lines;
}

const closeTo = (expected, found) => Math.abs(expected - found) <= 1e-15 * Math.abs(expected);

/** Draws of the original's generators, and the requests that it makes of them. */
async function checkSources(_path, _context, golden) {
  const lines = [];
  const compare = (name, expected, found) =>
    expected.forEach((value, i) => {
      if (!closeTo(value, found[i])) lines.push(`${name}[${i}]: ${found[i]}, expected ${value}`);
    });
  for (const [name, recorded] of Object.entries(golden)) {
    const match = /^seed(\d+)_lambda([\d.]+)$/.exec(name);
    if (match === null) continue;
    const [seed, rate] = [Number(match[1]), Number(match[2])];
    const zipf = zipfRequests({ seed, rate, count: 30, exponent: 2, maxTokens: 126195 });
    compare(`${name} first arrivals`, recorded.first_12_arrivals, zipf.arrivalSeconds);
    recorded.zipfian_s2_n30.forEach((row, i) => {
      compare(`${name} zipfian ${i}`, row, [zipf.arrivalSeconds[i], zipf.promptTokens[i], zipf.outputTokens[i]]);
    });
    const rows = traceOf(
      Array.from({ length: 12 }, (_, id) => ({ id, arrival: 0, input_length: 1, output_length: 1 })),
    );
    const mooncake = withLlmServingArrivals(rows, { seed, rate });
    compare(`${name} mooncake`, recorded.mooncake_12_rows_after_10000_discarded, mooncake.arrivalSeconds);
    const python = new PythonRandom(seed);
    compare(
      `${name} random`,
      recorded.python_random_first8,
      recorded.python_random_first8.map(() => python.double()),
    );
  }
  const { in: given, out } = golden.post_process_max100;
  compare("post_process_max100", out, interpolated(given, 100));
  return lines;
}

export const sources = {
  name: "sources of requests",
  matches: (_path, content) => content?.post_process_max100 !== undefined,
  check: checkSources,
};

/** As many jobs on time as recorded, by Moore and Hodgson's rule and by the solver. */
async function checkMilp(_path, _context, { cases }) {
  const solver = await loadMilpSolver();
  return cases.flatMap(({ proc, deadline, max_on_time: expected }, i) => {
    const jobs = proc.map((seconds, index) => ({ index, seconds, deadline: deadline[index] }));
    const values = solver(onTimeProgramme(jobs), 60);
    const solved = jobs.filter(({ index }) => (values?.get(`y${index}`) ?? 0) > 0.5).length;
    const found = onTimeJobs(jobs).length;
    return [
      ...(found === expected ? [] : [`case ${i}: ${found} on time, expected ${expected}`]),
      ...(solved === expected ? [] : [`case ${i}: the solver has ${solved} on time, expected ${expected}`]),
    ];
  });
}

export const onTime = {
  name: "jobs on time",
  matches: (_path, content) => Array.isArray(content?.cases) && content.cases[0]?.max_on_time !== undefined,
  check: checkMilp,
};

/** @type {import("./index.js").Kind} */
export const llmServing = {
  name: "LLM-Serving-Simulator run",
  matches: (path) => existsSync(join(path, "input.json")) && existsSync(join(path, "stats.json")),
  check,
};
