/**
 * The corrected variant: decode attention reads the KV cache of every request by its own length, prefill attention is
 * causal, prefills and decodes share one pass, and tensor parallelism divides all that it divides in practice.
 */
import { dimensionsOf } from "../../workload/model-dimensions.ts";
import { attentionOperators } from "./corrected-attention.ts";
import { layerOperators, localHeads, outerOperators } from "./corrected-operators.ts";
import type { PassPlan, PlanParts } from "./plan.ts";
import { rooflineSeconds } from "./rule.ts";

export function correctedPlan(parts: PlanParts): PassPlan {
  const { architecture, elements, tensorParallelism, rates, flashAttention } = parts;
  const dimensions = dimensionsOf(architecture);
  const operatorParts = { name: architecture.name, dimensions, elements, tensorParallelism, rates };
  const local = localHeads(operatorParts);
  const attention = (stage: "prefill" | "decode") =>
    attentionOperators(stage, dimensions, local, elements, rates, flashAttention);
  // Fused attention keeps a block of queries with their outputs in registers and passes over the keys and values once per
  // block: a fourth of the buffer each for Q, O, K and V (Dao et al., FlashAttention, 2022, algorithm 1).
  const blockQueries = Math.max(1, Math.floor(rates.onchipBytes / (4 * dimensions.headDim * elements.activation)));
  return {
    operators: [
      ...layerOperators(operatorParts, local),
      ...attention("prefill"),
      ...attention("decode"),
      ...outerOperators(operatorParts),
    ],
    rule: rooflineSeconds,
    bytesPerSecond: rates.bytes,
    mixesStages: true,
    readsContext: true,
    count(batch, { tokens, logits, prefill, decode }) {
      const { prefills, promptTokens, squaredPromptTokens, promptContextProducts, decodes, contextTokens } = batch;
      tokens.items = promptTokens + decodes;
      logits.items = prefills + decodes;
      prefill.items = promptTokens;
      prefill.pairs = flashAttention
        ? promptContextProducts + (squaredPromptTokens + promptTokens) / 2
        : promptContextProducts + squaredPromptTokens;
      prefill.kvTokens = 0;
      if (prefills > 0) {
        // The sums of a batch give means: exact for one prefill, and for equal ones.
        const passes = flashAttention ? Math.ceil(promptTokens / prefills / blockQueries) : 1;
        prefill.kvTokens = passes * (promptTokens + (prefills * promptContextProducts) / promptTokens);
      }
      decode.items = decodes;
      decode.pairs = contextTokens;
      decode.kvTokens = contextTokens;
    },
    weightBytes: parts.weightBytes / tensorParallelism,
    heldActivations: "largest_operator",
  };
}
