/**
 * Operators as LLM-Viewer counts them (commit 472f71f, MIT), and as LLM-Serving-Simulator's derivative of it does (commit
 * 909bd27). Both divide only linear layers by the tensor parallelism; LLM-Viewer itself has none.
 */
import type { ElementBytes, ModelDimensions } from "../../workload/model-dimensions.ts";
import { type Operator, operator } from "./operator.ts";

export interface ViewerParts {
  readonly dimensions: ModelDimensions;
  readonly elements: ElementBytes;
  readonly tensorParallelism: number;
  readonly flopsPerSecond: number;
  readonly flashAttention: boolean;
  readonly variant: "llm_viewer" | "llm_serving";
}

type Linear = readonly [name: string, input: number, output: number];

/** LLM-Viewer's list for OPT has the gate of Llama's; a fused projection's keys and values are no KV-cache writes. */
function linears({ dimensions, tensorParallelism: degree, variant }: ViewerParts): Linear[] {
  const { hidden, heads, kvHeads, intermediate, isGated, isQkvFused } = dimensions;
  const part = Math.floor(hidden / degree);
  const width = Math.floor(intermediate / degree);
  if (isQkvFused) {
    return [
      ["c_attn", hidden, Math.floor((3 * hidden) / degree)],
      ["c_proj", part, hidden],
      ["c_fc", hidden, width],
      ["c_proj_mlp", width, hidden],
    ];
  }
  const keys = (hidden * kvHeads) / heads / degree;
  return [
    ["q_proj", hidden, part],
    ["k_proj", hidden, keys],
    ["v_proj", hidden, keys],
    ["out_proj", part, hidden],
    ...(isGated || variant === "llm_viewer" ? [["gate_proj", hidden, width] satisfies Linear] : []),
    ["up_proj", hidden, width],
    ["down_proj", width, hidden],
  ];
}

function linearOperators(parts: ViewerParts): Operator[] {
  const { dimensions, elements, flopsPerSecond } = parts;
  return linears(parts).map(([name, input, output]) => {
    const isKv = name === "k_proj" || name === "v_proj";
    return operator({
      name,
      domain: "tokens",
      repeats: dimensions.layers,
      flopsPerSecond,
      flopsPerItem: 2 * input * output,
      weightBytes: input * output * elements.weight,
      inputBytesPerItem: input * elements.activation,
      outputBytesPerItem: isKv ? 0 : output * elements.activation,
      kvWriteBytesPerItem: isKv ? output * elements.kv : 0,
    });
  });
}

/** Fused attention writes a score matrix twice, and LLM-Viewer's reads keys and values of all heads, grouped or not. */
function attentionOperators(stage: "prefill" | "decode", parts: ViewerParts): Operator[] {
  const { dimensions, elements, flopsPerSecond, flashAttention, variant } = parts;
  const { layers, heads, kvHeads, headDim } = dimensions;
  const { activation, kv } = elements;
  const common = { domain: stage, repeats: layers, flopsPerSecond };
  const productFlops = 2 * headDim * heads;
  const scoreBytes = heads * activation;
  if (flashAttention) {
    return [
      operator({
        ...common,
        name: "fused_attention",
        flopsPerPair: 2 * productFlops + 5 * heads,
        inputBytesPerItem: headDim * heads * activation,
        outputBytesPerPair: 2 * scoreBytes,
        kvReadBytesPerToken: 2 * headDim * (variant === "llm_viewer" ? heads : kvHeads) * kv,
      }),
    ];
  }
  const kvReadBytesPerToken = headDim * kvHeads * kv;
  const product = { ...common, flopsPerPair: productFlops, kvReadBytesPerToken };
  if (variant === "llm_serving") {
    return [
      operator({ ...product, name: "qk_matmul", inputBytesPerPair: scoreBytes, outputBytesPerPair: scoreBytes }),
      operator({ ...product, name: "sv_matmul", inputBytesPerPair: scoreBytes, outputBytesPerPair: scoreBytes }),
      softmax(common, heads, scoreBytes),
    ];
  }
  // Queries of a prefill are counted for the KV heads only.
  const queryHeads = stage === "prefill" ? kvHeads : heads;
  return [
    operator({
      ...product,
      name: "qk_matmul",
      inputBytesPerItem: headDim * queryHeads * activation,
      outputBytesPerPair: scoreBytes,
    }),
    operator({
      ...product,
      name: "sv_matmul",
      inputBytesPerPair: scoreBytes,
      outputBytesPerItem: headDim * heads * activation,
    }),
    softmax(common, heads, scoreBytes),
  ];
}

type Common = Pick<Operator, "domain" | "repeats" | "flopsPerSecond">;

function softmax(common: Common, heads: number, scoreBytes: number): Operator {
  return operator({
    ...common,
    name: "softmax",
    flopsPerPair: 5 * heads,
    inputBytesPerPair: scoreBytes,
    outputBytesPerPair: scoreBytes,
  });
}

/** The activation of the MLP is counted on the hidden size, the output head with half its operations and one sequence's activations. */
function otherOperators({ dimensions, elements, flopsPerSecond }: ViewerParts): Operator[] {
  const { layers, hidden, vocabulary, isQkvFused } = dimensions;
  const state = hidden * elements.activation;
  const elementwise = (name: string, flops: number, inputs = state) =>
    operator({
      name,
      domain: "tokens",
      repeats: layers,
      flopsPerSecond,
      flopsPerItem: flops,
      inputBytesPerItem: inputs,
      outputBytesPerItem: state,
    });
  return [
    ...(isQkvFused ? ["ln_1", "ln_2"] : ["attn_norm", "mlp_norm"]).map((name) => elementwise(name, 7 * hidden)),
    elementwise("attn_add", hidden),
    elementwise("mlp_add", hidden),
    elementwise("mlp_act", 2 * hidden, 2 * state),
    operator({
      name: "lm_head",
      domain: "logits",
      repeats: 1,
      flopsPerSecond,
      flopsPerItem: hidden * vocabulary,
      weightBytes: hidden * vocabulary * elements.weight,
      inputBytesPerItem: state,
      outputBytesPerItem: vocabulary * elements.activation,
      isActivationOfOne: true,
    }),
  ];
}

/** In the order in which both simulators add their times. */
export function viewerOperators(parts: ViewerParts): Operator[] {
  return [
    ...linearOperators(parts),
    ...attentionOperators("prefill", parts),
    ...attentionOperators("decode", parts),
    ...otherOperators(parts),
  ];
}
