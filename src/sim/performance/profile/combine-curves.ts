/** Makes one profile of two curves that were measured apart. */
import { ConfigError, throwTogether } from "../../../errors.ts";
import type { Profile, SingleCurve } from "./profile.ts";

/**
 * A pass of decodes is limited by sequences, another by tokens: the limits of the curves may differ. `strict` refuses that, as
 * VllmSimulator does. Errors: ConfigError `profile` for every key whose values differ.
 */
export function combineCurves(first: SingleCurve, second: SingleCurve, strict: boolean): Profile {
  if (first.usesCuda === second.usesCuda) {
    const graphs = first.usesCuda ? "with CUDA graphs" : "without CUDA graphs";
    throw new ConfigError("profile", `Both curves were measured ${graphs} (uses_cuda: ${first.usesCuda}).`, {
      hint: "A profile has a curve of passes of decodes (uses_cuda: true) and one of the other passes.",
    });
  }
  const [own, other] = [first, second].map((curve) => ({
    ...curve.scalars,
    ...(strict ? { input_token_upper_limit: curve.curve.limitTokens } : {}),
  }));
  const differing = Object.entries(own).filter(([key, value]) => value !== other[key as keyof typeof other]);
  throwTogether(
    differing.map(([key, value]) => {
      const found = JSON.stringify(other[key as keyof typeof other]);
      return new ConfigError("profile", `The curves differ in ${key}: ${JSON.stringify(value)} and ${found}.`);
    }),
  );
  const [decode, prefill] = first.usesCuda ? [first, second] : [second, first];
  return { scalars: prefill.scalars, prefill: prefill.curve, decode: decode.curve };
}
