/** Attention of the corrected variant, fused or not, for prefills and for decodes alike. */
import type { ElementBytes, ModelDimensions } from "../../workload/model-dimensions.ts";
import { type Operator, operator } from "./operator.ts";
import { peakFor, type Rates } from "./rates.ts";

/** Operations of a softmax per score: maximum, subtraction, exponential, sum, division. */
const SOFTMAX_FLOPS = 5;

/** Heads of one processor; each KV head is on at least one of them. */
export interface LocalHeads {
  readonly heads: number;
  readonly kvHeads: number;
}

export function attentionOperators(
  stage: "prefill" | "decode",
  { layers, headDim }: ModelDimensions,
  { heads, kvHeads }: LocalHeads,
  { activation, kv }: ElementBytes,
  rates: Rates,
  fused: boolean,
): Operator[] {
  const common = { domain: stage, repeats: layers, flopsPerSecond: peakFor(rates, activation, kv) };
  const queryBytes = heads * headDim * activation;
  const kvBytes = kvHeads * headDim * kv;
  const productFlops = 2 * heads * headDim;
  if (fused) {
    return [
      operator({
        ...common,
        name: `${stage}_attention`,
        flopsPerPair: 2 * productFlops + SOFTMAX_FLOPS * heads,
        inputBytesPerItem: queryBytes,
        outputBytesPerItem: queryBytes,
        kvReadBytesPerToken: 2 * kvBytes,
      }),
    ];
  }
  const scoreBytes = heads * activation;
  return [
    operator({
      ...common,
      name: `${stage}_qk_matmul`,
      flopsPerPair: productFlops,
      inputBytesPerItem: queryBytes,
      outputBytesPerPair: scoreBytes,
      kvReadBytesPerToken: kvBytes,
    }),
    operator({
      ...common,
      name: `${stage}_softmax`,
      flopsPerSecond: rates.flops16,
      flopsPerPair: SOFTMAX_FLOPS * heads,
      inputBytesPerPair: scoreBytes,
      outputBytesPerPair: scoreBytes,
    }),
    operator({
      ...common,
      name: `${stage}_sv_matmul`,
      flopsPerPair: productFlops,
      inputBytesPerPair: scoreBytes,
      outputBytesPerItem: queryBytes,
      kvReadBytesPerToken: kvBytes,
    }),
  ];
}
