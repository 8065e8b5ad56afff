// LLM-simulator's closed form: values by `sweep latency`'s library, its mistakes by the command.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const TOLERANCE = 1e-12;

/** Mistakes by a word of the golden's reason: what is asked, and what the message must name. */
const MISTAKES = [
  ["short name", ["hardware=a9999"], ["a9999", "memory_bandwidth"]],
  ["-1", ["++hardware.memory_bandwidth=-1"], ["hardware.memory_bandwidth", "-1"]],
  ["model key", ["model=no-model"], ["no-model", "num_layers"]],
  ["pair", ["model=opt-30b", "hardware=rtxa5000-24gb"], ["opt-30b on rtxa5000-24gb", "prompt_tokens_per_second"]],
  ["gpu key", ["hardware=no-gpu"], ["no-gpu", "memory_bandwidth"]],
];

/** A model with one layer and one head, and the bytes of the KV cache in the element's size. */
function overrides(input, tokenPhaseFactor) {
  const kvBytes = input.kvc_size_KB * 1024;
  return [
    `model.architecture={name: golden, num_layers: 1, hidden_size: 1, num_heads: 1, num_kv_heads: 1}`,
    `+model.size={architecture: golden, weights: ${input.model_size_GB * 1e9}, dtype_size: ${kvBytes / 2}}`,
    "hardware.name=golden",
    `++hardware.memory_bandwidth=${input.memory_bw_GBps * 1e9}`,
    `performance_models.closed_form.memory_bandwidth_utilisation=${input.memory_bw_util_pct / 100}`,
    `+performance_models.closed_form.prompt_tokens_per_second={golden: {golden: ${input.ptps}}}`,
    `performance_models.closed_form.token_phase_factor=${tokenPhaseFactor}`,
    "performance_models.closed_form.units=mixed",
    "first_token=decode",
    "tensor_parallelism=1",
    "compare=[closed_form]",
    `prompt=${input.prompt_length}`,
    `output=${input.response_length}`,
    `batch=${input.batch_size}`,
  ];
}

async function check(_, { project }, { cases, error_cases: mistakes }) {
  const dist = (path) => import(pathToFileURL(join(project, "dist", path)).href);
  const { estimateLatency, openWorkspace } = await dist("index.js");
  const { closedFormFigures, decodeSeconds } = await dist("sim/performance/closed-form/formula.js");
  const { composer, resolver } = openWorkspace({ configName: "latency" });
  const ask = (input, factor) => {
    const [{ latency, reason }] = estimateLatency(composer.compose(overrides(input, factor)), resolver).estimates;
    if (latency === undefined) throw new Error(reason);
    return latency;
  };
  const lines = [];
  for (const [index, { input, output }] of cases.entries()) {
    const { prompt_length: n, response_length: m, batch_size: b } = input;
    const latency = ask(input, 1);
    const figures = closedFormFigures({
      promptTokensPerSecond: input.ptps,
      weightBytes: input.model_size_GB * 1e9,
      kvBytesPerToken: input.kvc_size_KB * 1024,
      memoryBytesPerSecond: input.memory_bw_GBps * 1e9,
      memoryBandwidthUtilisation: input.memory_bw_util_pct / 100,
      tokenPhaseFactor: 1,
      units: "mixed",
    });
    const perToken = figures.kvGigabytes / figures.bandwidthGigabytesPerSecond;
    const [alpha, beta, c] = [perToken / 2, (n + 0.5) * perToken, decodeSeconds(figures, 0)];
    const tokenLatencies = Array.from({ length: m }, (_, i) => decodeSeconds(figures, b * (n + i)));
    const found = {
      prompt_latency_s: latency.prefillSeconds,
      first_token_phase_latency_s: latency.firstDecodeSeconds ?? null,
      last_token_phase_latency_s: latency.lastDecodeSeconds ?? null,
      token_phase_total_s: latency.decodeSeconds,
      total_s: latency.totalSeconds,
      tbt_s: latency.secondsPerToken ?? null,
      n_latencies: latency.decodeIterations + 1,
      alpha,
      beta,
      c,
      readme_closed_form_token_phase_s: b * alpha * m * m + (b * beta + c) * m,
      code_closed_form_token_phase_s: latency.decodeSeconds,
      total_with_notebook_factor_1_2_s: ask(input, 1.2).totalSeconds,
      latencies_s: [latency.prefillSeconds, ...tokenLatencies],
    };
    for (const [key, expected] of Object.entries(output)) {
      if (!isNear(expected, found[key])) lines.push(`case ${index} ${key}: ${found[key]}, expected ${expected}`);
    }
  }
  for (const { input } of mistakes) lines.push(...mistake(project, input.reason));
  return lines;
}

function isNear(expected, found) {
  if (Array.isArray(expected)) {
    return expected.length === found?.length && expected.every((value, index) => isNear(value, found[index]));
  }
  if (expected === null || typeof expected !== "number") return expected === found;
  return Math.abs(found - expected) <= TOLERANCE * Math.abs(expected);
}

function mistake(project, reason) {
  const [, words, named] = MISTAKES.find(([word]) => reason.includes(word)) ?? [];
  if (words === undefined) return [`no command is known for the mistake '${reason}'`];
  const args = [join(project, "bin/sweep.js"), "latency", "tensor_parallelism=1", "compare=[closed_form]", ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const text = stdout + stderr;
  const missing = named.filter((word) => !text.includes(word));
  if (status === 2 && missing.length === 0 && !/\n\s+at .+:\d+:\d+/.test(stderr)) return [];
  return [`${reason}: exit status ${status}, the message lacks ${missing.join(" and ")}: ${text}`];
}

/** @type {import("./index.js").Kind} */
export const llmSimulator = {
  name: "LLM-simulator's closed form",
  matches: (_, content) => content?.kind === "llm-simulator",
  check,
};
