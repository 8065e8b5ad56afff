/** Operators of the corrected variant other than attention: one processor's share under tensor parallelism. */
import { ConfigError } from "../../../errors.ts";
import type { ElementBytes, ModelDimensions } from "../../workload/model-dimensions.ts";
import type { LocalHeads } from "./corrected-attention.ts";
import { type Operator, operator } from "./operator.ts";
import { peakFor, type Rates } from "./rates.ts";

/** What every operator here is made from. */
export interface OperatorParts {
  readonly name: string;
  readonly dimensions: ModelDimensions;
  readonly elements: ElementBytes;
  readonly tensorParallelism: number;
  readonly rates: Rates;
}

/** Errors: ConfigError if heads or the MLP cannot be divided evenly among the processors. */
export function localHeads({ name, dimensions, tensorParallelism: degree }: OperatorParts): LocalHeads {
  const { heads, kvHeads, intermediate } = dimensions;
  const kvDivides = kvHeads % degree === 0 || degree % kvHeads === 0;
  if (heads % degree !== 0 || intermediate % degree !== 0 || !kvDivides) {
    throw new ConfigError(
      "impossible_parallelism",
      `${name} cannot be divided among ${degree} processors: it has ${heads} heads, ${kvHeads} KV heads and an ` +
        `intermediate size of ${intermediate}.`,
      { path: "start_state", hint: "Choose a tensor_parallelism that divides the heads and the intermediate size." },
    );
  }
  return { heads: heads / degree, kvHeads: Math.max(kvHeads / degree, 1) };
}

/** `kvOutput`: elements of the output that go into the KV cache. */
type Linear = readonly [name: string, input: number, output: number, kvOutput?: number];

/** Column-parallel projections shard their outputs, row-parallel ones their inputs (Shoeybi et al., Megatron-LM, 2019). */
function layerLinears({ dimensions, tensorParallelism: degree }: OperatorParts, local: LocalHeads): Linear[] {
  const { hidden, headDim, intermediate, isGated, isQkvFused } = dimensions;
  const queries = local.heads * headDim;
  const keys = local.kvHeads * headDim;
  const width = intermediate / degree;
  const projections: Linear[] = isQkvFused
    ? [["qkv_proj", hidden, queries + 2 * keys, 2 * keys]]
    : [
        ["q_proj", hidden, queries],
        ["k_proj", hidden, keys, keys],
        ["v_proj", hidden, keys, keys],
      ];
  return [
    ...projections,
    ["out_proj", queries, hidden],
    ...(isGated ? [["gate_proj", hidden, width] satisfies Linear] : []),
    ["up_proj", hidden, width],
    ["down_proj", width, hidden],
  ];
}

/** Per-layer operators but attention, in the order of a layer as far as their times need one. */
export function layerOperators(parts: OperatorParts, local: LocalHeads): Operator[] {
  const { dimensions, elements, tensorParallelism: degree, rates } = parts;
  const { layers, hidden, intermediate, isGated, normsPerLayer } = dimensions;
  const { weight, activation, kv } = elements;
  const common = { domain: "tokens", repeats: layers, flopsPerSecond: rates.flops16 } as const;
  const flopsPerSecond = peakFor(rates, weight, activation);
  const linears = layerLinears(parts, local).map(([name, input, output, kvOutput = 0]) =>
    operator({
      ...common,
      name,
      flopsPerSecond,
      flopsPerItem: 2 * input * output,
      weightBytes: input * output * weight,
      inputBytesPerItem: input * activation,
      outputBytesPerItem: (output - kvOutput) * activation,
      kvWriteBytesPerItem: kvOutput * kv,
    }),
  );
  const width = (intermediate / degree) * activation;
  const state = hidden * activation;
  const elementwise = (name: string, repeats: number, flops: number, inputs: number, output: number) =>
    operator({
      ...common,
      name,
      repeats: repeats * layers,
      flopsPerItem: flops,
      inputBytesPerItem: inputs,
      outputBytesPerItem: output,
    });
  return [
    ...linears,
    elementwise("norm", normsPerLayer, 7 * hidden, state, state),
    elementwise("residual_add", 2, hidden, 2 * state, state),
    elementwise("mlp_act", 1, (isGated ? 2 : 1) * (intermediate / degree), (isGated ? 2 : 1) * width, width),
    ...(degree > 1 ? [allReduce(parts)] : []),
  ];
}

/**
 * Two all-reduces of the hidden states per layer, as a ring: each processor sends 2 (t - 1) / t of the bytes in
 * 2 (t - 1) steps (Patarasuk and Yuan, J. Parallel Distrib. Comput. 2009).
 */
function allReduce({ dimensions, elements, tensorParallelism: degree, rates }: OperatorParts): Operator {
  const { bytes, latencySeconds } = rates.link();
  const steps = 2 * (degree - 1);
  return operator({
    name: "all_reduce",
    domain: "tokens",
    repeats: 2 * dimensions.layers,
    flopsPerSecond: rates.flops16,
    networkSecondsPerItem: ((steps / degree) * dimensions.hidden * elements.activation) / bytes,
    networkLatencySeconds: steps * latencySeconds,
  });
}

/** Embedding and output head, which quantisation leaves at 16 bits or more, and the last norm. */
export function outerOperators({ dimensions, elements, tensorParallelism, rates }: OperatorParts): Operator[] {
  const { hidden, vocabulary, embedding } = dimensions;
  const { activation } = elements;
  const headWeight = Math.max(elements.weight, 2);
  const columns = vocabulary / tensorParallelism;
  const common = { repeats: 1, flopsPerSecond: rates.flops16 };
  return [
    operator({
      ...common,
      name: "embedding",
      domain: "tokens",
      inputBytesPerItem: embedding * headWeight,
      outputBytesPerItem: hidden * activation,
    }),
    operator({
      ...common,
      name: "lm_head",
      domain: "logits",
      flopsPerItem: 2 * embedding * columns,
      weightBytes: embedding * columns * headWeight,
      inputBytesPerItem: embedding * activation,
      outputBytesPerItem: columns * activation,
    }),
  ];
}
