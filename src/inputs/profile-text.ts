/** Writes a profile in VllmSimulator's JSON format. */
import type { Profile, ProfileCurve, ProfileScalars } from "../sim/performance/profile/profile.ts";

/** Keys in the order of their characters, as the original writes them: intervals come as text, `(101, 151)` before `(51, 101)`. */
export function profileText({ scalars, prefill, decode }: Profile): string {
  const file = {
    ...scalars,
    input_token_upper_limit: prefill.limitTokens,
    cuda_profile: curveObject(scalars, decode, true),
    no_cuda_profile: curveObject(scalars, prefill, false),
  };
  return `${JSON.stringify(file, sortedKeys, 4)}\n`;
}

function curveObject(scalars: ProfileScalars, { limitTokens, intervals }: ProfileCurve, usesCuda: boolean) {
  const lines = intervals.map(({ startTokens, endTokens, slopeSeconds, interceptSeconds }) => [
    `(${startTokens}, ${endTokens})`,
    { slope: slopeSeconds, intercept: interceptSeconds },
  ]);
  return {
    ...scalars,
    input_token_upper_limit: limitTokens,
    uses_cuda: usesCuda,
    intervals: Object.fromEntries(lines),
  };
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
