/** Makes one profile of two single curves. */
import { SweepError, throwTogether } from "../../errors.ts";
import { type ProfileCurve, type ProfileFile, type ProfileScalars, SCALARS } from "./profile-file.ts";

/**
 * A pass of decodes is limited by sequences, another by tokens: the limits of the curves may differ. `strict` refuses that, as
 * the original does. Errors: SweepError `USAGE` for every key whose values differ.
 */
export function combineProfiles(first: ProfileCurve, second: ProfileCurve, strict: boolean): ProfileFile {
  if (first.uses_cuda === second.uses_cuda) {
    const graphs = first.uses_cuda ? "with CUDA graphs" : "without CUDA graphs";
    throw new SweepError("USAGE", `Both curves were measured ${graphs} (uses_cuda=${first.uses_cuda}).`, {
      hint: "A profile has a curve of passes of decodes (uses_cuda true) and one of the other passes.",
    });
  }
  const compared = strict ? SCALARS : SCALARS.filter((key) => key !== "input_token_upper_limit");
  throwTogether(
    compared
      .filter((key) => first[key] !== second[key])
      .map((key) => {
        return new SweepError(
          "USAGE",
          `The curves differ in ${key}: ${JSON.stringify(first[key])} and ${JSON.stringify(second[key])}.`,
        );
      }),
  );
  const [cuda, eager] = first.uses_cuda ? [first, second] : [second, first];
  return { ...scalarsOf(eager), cuda_profile: cuda, no_cuda_profile: eager };
}

export function scalarsOf(curve: ProfileScalars): ProfileScalars {
  return Object.fromEntries(SCALARS.map((key) => [key, curve[key]])) as unknown as ProfileScalars;
}
