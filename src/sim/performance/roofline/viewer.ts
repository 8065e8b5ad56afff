/** The variants `llm_viewer` and `llm_serving`: the originals' arithmetic, for the same doubles. */
import { ConfigError } from "../../../errors.ts";
import { dimensionsOf, type ModelDimensions } from "../../workload/model-dimensions.ts";
import type { PassPlan, PlanParts } from "./plan.ts";
import { peakFor } from "./rates.ts";
import { intensitySeconds } from "./rule.ts";
import { viewerOperators } from "./viewer-operators.ts";

/** Errors: ConfigError for a tensor parallelism that the original refuses. */
export function viewerPlan(variant: "llm_viewer" | "llm_serving", parts: PlanParts): PassPlan {
  const { architecture, elements, tensorParallelism, rates, flashAttention } = parts;
  const dimensions = dimensionsOf(architecture);
  checkDivides(architecture.name, dimensions, tensorParallelism);
  const flopsPerSecond = peakFor(rates, elements.weight, elements.activation, elements.kv);
  const blockQueries = Math.min(Math.ceil(rates.onchipBytes / (elements.kv * dimensions.headDim)), dimensions.headDim);
  const readsContext = variant === "llm_viewer";
  const own = { dimensions, elements, tensorParallelism, flopsPerSecond, flashAttention, variant };
  const operators = viewerOperators(own);
  return {
    operators,
    rule: intensitySeconds,
    bytesPerSecond: rates.bytes,
    mixesStages: false,
    readsContext,
    count(batch, { tokens, logits, prefill, decode }) {
      const { prefills, promptTokens, squaredPromptTokens, decodes, contextTokens } = batch;
      tokens.items = promptTokens + decodes;
      logits.items = prefills + decodes;
      prefill.items = promptTokens;
      prefill.pairs = squaredPromptTokens;
      prefill.kvTokens = prefills > 0 && flashAttention ? Math.ceil(promptTokens / prefills / blockQueries) : 1;
      prefill.kvTokens *= promptTokens;
      decode.items = decodes;
      // LLM-Serving-Simulator's decode attends to its own token alone.
      decode.pairs = readsContext ? contextTokens : decodes;
      decode.kvTokens = decode.pairs;
    },
    // Those of the layers: embedding and head are left out.
    weightBytes: operators
      .filter(({ domain }) => domain === "tokens")
      .reduce((sum, { weightBytes, repeats }) => sum + weightBytes * repeats, 0),
    heldActivations: "layer_outputs",
  };
}

function checkDivides(name: string, { hidden, intermediate, kvHeads }: ModelDimensions, degree: number): void {
  const divided = { hidden_size: hidden, intermediate_size: intermediate, num_kv_heads: kvHeads };
  for (const [key, value] of Object.entries(divided)) {
    if (value % degree === 0) continue;
    throw new ConfigError("impossible_parallelism", `${key} = ${value} of ${name} cannot be divided by ${degree}.`, {
      path: "start_state",
      hint: "Choose a tensor_parallelism that divides it, or performance_model.variant=corrected.",
    });
  }
}
