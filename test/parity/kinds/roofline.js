// Recorded roofline figures of LLM-Viewer and of LLM-Serving-Simulator's profiler: a file of points, each a pass or two.

import { architectureOf } from "../../../dist/inputs/hugging-face.js";
import { analysePass, rooflinePlan } from "../../../dist/sim/performance/roofline/index.js";

/** What both call a figure of a pass or of an operator, and ours. */
const OPERATOR_FIGURES = {
  ops: "flops",
  OPs: "flops",
  memory_access: "memoryBytes",
  load_weight: "weightBytes",
  load_act: "inputBytes",
  store_act: "outputBytes",
  load_kv_cache: "kvReadBytes",
  store_kv_cache: "kvWriteBytes",
  inference_time: "seconds",
};

function instanceOf(golden, variant, point) {
  const { hardware: hardwareName, model, w_bit, a_bit, kv_bit, tp_size = 1 } = point;
  const hardware = golden.hardware[hardwareName];
  const dimensions = golden.models[model];
  const size = {
    weights: 0,
    dtype_size: (w_bit ?? 16) / 8,
    activation_dtype_size: (a_bit ?? 16) / 8,
    kv_dtype_size: (kv_bit ?? a_bit ?? 16) / 8,
  };
  const family = { opt: "opt" }[dimensions.op_list] ?? ("n_embd" in dimensions ? "gpt2" : "llama");
  const parameters = {
    variant,
    flash_attention: point.use_flashattention ?? false,
    compute_efficiency: 1,
    bandwidth_efficiency: 1,
    network_efficiency: 1,
    iteration_overhead: 0,
  };
  return rooflinePlan(parameters, {
    modelArchitecture: model,
    processorName: hardwareName,
    tensorParallelism: tp_size,
    architecture: architectureOf({ name: model, model_type: family, ...dimensions }, model),
    size,
    processor: {
      name: hardwareName,
      memoryBytes: hardware.mem ?? 0,
      memoryBytesPerSecond: hardware.bandwidth,
      peakFlops: { fp16: hardware.FP16, int8: hardware.INT8 },
      onchipBytes: hardware.onchip_buffer,
    },
  });
}

function shapeOf(stage, batch, tokens) {
  const none = {
    prefills: 0,
    promptTokens: 0,
    squaredPromptTokens: 0,
    promptContextProducts: 0,
    decodes: 0,
    contextTokens: 0,
  };
  return stage === "prefill"
    ? { ...none, prefills: batch, promptTokens: batch * tokens, squaredPromptTokens: batch * tokens * tokens }
    : { ...none, decodes: batch, contextTokens: batch * tokens };
}

/** Sums over all runs of all operators, added as the originals add them. */
function totals(analysis, kvBytes) {
  const sums = Object.fromEntries(
    Object.values(OPERATOR_FIGURES).map((figure) => [
      figure,
      analysis.operators.reduce((sum, op) => sum + op[figure] * op.repeats, 0),
    ]),
  );
  return { ...sums, seconds: analysis.seconds, kvBytes };
}

const MEMORY_FIGURES = {
  memory_consumption: ({ weightBytes, activationBytes }, kvBytes) => weightBytes + activationBytes + kvBytes,
  memory_consumption_tmp_act: ({ activationBytes }) => activationBytes,
  memory_consumption_weight: ({ weightBytes }) => weightBytes,
  memory_consumption_kv_cache: (_, kvBytes) => kvBytes,
};

/** No tolerance, but an ulp or two for sums of integers beyond 2^53, which Python adds exactly. */
function comparer(label) {
  const lines = [];
  return {
    lines,
    check(name, expected, found) {
      const tolerance = expected > 2 ** 53 ? 4e-16 : 0;
      if (expected === found || Math.abs(expected - found) <= tolerance * Math.abs(expected)) return;
      lines.push(`${label} ${name}: ${found}, expected ${expected}`);
    },
  };
}

function checkPoint(golden, variant, point) {
  const plan = instanceOf(golden, variant, point);
  const batch = point.batch_size ?? point.batchsize;
  const label = `${point.model} ${point.hardware} batch ${batch} length ${point.seqlen}`;
  const { lines, check } = comparer(label);
  const prefill = analysePass(plan, shapeOf("prefill", batch, point.seqlen));
  const kvBytes = prefill.kvBytesPerToken * batch * point.seqlen;
  for (const stage of ["prefill", "decode"]) {
    const analysis = stage === "prefill" ? prefill : analysePass(plan, shapeOf(stage, batch, point.seqlen));
    const byName = Object.fromEntries(analysis.operators.map((op) => [op.name, op]));
    const found = totals(analysis, kvBytes);
    for (const [name, value] of Object.entries(point.total[stage])) {
      const memory = MEMORY_FIGURES[name];
      check(`total.${stage}.${name}`, value, memory ? memory(analysis, kvBytes) : found[OPERATOR_FIGURES[name]]);
    }
    for (const [op, seconds] of Object.entries(point.per_layer_inference_time?.[stage] ?? {})) {
      check(`${stage}.${op}.inference_time`, seconds, byName[op]?.seconds);
    }
    for (const [op, bound] of Object.entries(point.bound?.[stage] ?? {})) {
      if (byName[op]?.bound !== bound) lines.push(`${label} ${stage} ${op}: ${byName[op]?.bound}, expected ${bound}`);
    }
    for (const [op, figures] of Object.entries(point.per_layer?.[stage] ?? {})) {
      for (const [name, value] of Object.entries(figures)) {
        if (name === "bound") check(`${stage}.${op}.bound`, value, byName[op]?.bound);
        else if (name in OPERATOR_FIGURES) check(`${stage}.${op}.${name}`, value, byName[op]?.[OPERATOR_FIGURES[name]]);
      }
    }
  }
  return lines;
}

/** A prefill, and a decode at every length from the prompt's on. */
function checkTask(golden, task) {
  const { model, hardware, prompt_len, gen_len, batchsize } = task;
  const plan = instanceOf(golden, "llm_viewer", task);
  let seconds = analysePass(plan, shapeOf("prefill", batchsize, prompt_len)).seconds;
  for (let tokens = prompt_len; tokens < prompt_len + gen_len; tokens++) {
    seconds += analysePass(plan, shapeOf("decode", batchsize, tokens)).seconds;
  }
  const { lines, check } = comparer(`generate ${model} ${hardware}`);
  check("inference_time", task.inference_time, seconds);
  return lines;
}

const isRoofline = (content) =>
  Array.isArray(content?.points) && content.hardware !== undefined && content.models !== undefined;

/** @type {import("./index.js").Kind} */
export const profiler = {
  name: "LLM-Serving-Simulator's profiler",
  matches: (_, content) => isRoofline(content) && content.generate_tasks === undefined,
  check: async (_path, _context, golden) => golden.points.flatMap((point) => checkPoint(golden, "llm_serving", point)),
};

/** @type {import("./index.js").Kind} */
export const llmViewer = {
  name: "LLM-Viewer",
  matches: (_, content) => isRoofline(content) && content.generate_tasks !== undefined,
  check: async (_path, _context, golden) => [
    ...golden.points.flatMap((point) => checkPoint(golden, "llm_viewer", point)),
    ...golden.generate_tasks.flatMap((task) => checkTask(golden, task)),
  ],
};
