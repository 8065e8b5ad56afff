/** Sizes of models that no file gives: weights counted from the dimensions of an architecture. */
import type { ModelArchitecture, ModelSize } from "./model.ts";
import { dimensionsOf, type ModelDimensions } from "./model-dimensions.ts";

/**
 * Bytes per element by the ending of a size's name. Integers are quantised weights only, with 16-bit activations; fp8 is
 * weights and activations. The KV cache has 16 bits in all of them.
 */
const PRECISIONS: Readonly<
  Record<string, { readonly weight: number; readonly activation: number; readonly kv: number }>
> = {
  fp32: { weight: 4, activation: 4, kv: 4 },
  fp16: { weight: 2, activation: 2, kv: 2 },
  bf16: { weight: 2, activation: 2, kv: 2 },
  fp8: { weight: 1, activation: 1, kv: 2 },
  int8: { weight: 1, activation: 2, kv: 2 },
  int4: { weight: 0.5, activation: 2, kv: 2 },
};

export const PRECISION_NAMES: readonly string[] = Object.keys(PRECISIONS);

/** Parameters of the layers' matrices: what quantisation shrinks. */
export function layerParameters(dimensions: ModelDimensions): number {
  const { layers, hidden, heads, kvHeads, headDim, intermediate, isGated } = dimensions;
  const attention = 2 * hidden * heads * headDim + 2 * hidden * kvHeads * headDim;
  const mlp = (isGated ? 3 : 2) * hidden * intermediate;
  return layers * (attention + mlp);
}

/** Parameters of embeddings, output head and norms; biases, some 0.1 %, are not counted. */
export function otherParameters(architecture: ModelArchitecture, dimensions: ModelDimensions): number {
  const { layers, hidden, vocabulary, embedding, normsPerLayer } = dimensions;
  const matrices = architecture.tied_embeddings === true ? 1 : 2;
  const projections = embedding === hidden ? 0 : 2 * embedding * hidden;
  const positions = (architecture.learned_positions ?? 0) * hidden;
  return matrices * vocabulary * embedding + projections + positions + (layers * normsPerLayer + 1) * hidden;
}

/**
 * The size called `ARCHITECTURE-PRECISION`, such as `llama3-8b-fp16`; undefined if `name` is no such name. Embeddings,
 * head and norms keep at least 16 bits. Errors: ConfigError if the architecture lacks dimensions.
 */
export function computedSize(name: string, architecture: ModelArchitecture): ModelSize | undefined {
  const ending = name.slice(architecture.name.length + 1);
  if (name !== `${architecture.name}-${ending}` || !Object.hasOwn(PRECISIONS, ending)) return undefined;
  const { weight, activation, kv } = PRECISIONS[ending];
  const dimensions = dimensionsOf(architecture);
  const otherBytes = Math.max(weight, 2);
  return {
    architecture: architecture.name,
    weights: layerParameters(dimensions) * weight + otherParameters(architecture, dimensions) * otherBytes,
    dtype_size: weight,
    kv_dtype_size: kv,
    activation_dtype_size: activation,
  };
}
