/** DistServe's fits as the appendix of its paper writes them (Zhong et al., OSDI 2024, appendix A). */
import type { DistServeParameters } from "./performance.schema.ts";

type Fit = DistServeParameters["fits"][number];
export type AppendixFit = NonNullable<DistServeParameters["appendix_fits"]>[number];

/** The same in coefficients of tokens, squared prompts and context; a decode has no term per request. */
export function fitOfAppendix({
  constants,
  hidden_size: h,
  ffn_size: m,
  attention_block: b,
  ...named
}: AppendixFit): Fit {
  const [c1, c2, c3, c4, c5] = constants;
  const weights = 4 * h * h + 2 * h * m;
  const decode: Fit["decode"] = [c4 * weights, c5 * 3 * h, 0];
  return { ...named, prefill: [c3, c1 * weights, (c2 * 3 * h) / b], decode, large_decode: decode };
}
