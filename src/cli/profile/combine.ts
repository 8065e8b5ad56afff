/** `sweep profile combine`: makes one profile of two single curves. */
import { SweepError } from "../../errors.ts";
import { readSingleCurve } from "../../inputs/profile-file.ts";
import { profileText } from "../../inputs/profile-text.ts";
import { combineCurves } from "../../sim/performance/profile/combine-curves.ts";
import { displayPath } from "../display-path.ts";
import { describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { checkTarget, writeOutput } from "../output-file.ts";
import { readText } from "../read-text.ts";
import { EXIT } from "../report-error.ts";
import { COMMON_OPTIONS, FORCE_OPTION } from "../trace/options.ts";

const OPTIONS = {
  strict: { type: "boolean", describe: "Refuse curves with different upper limits of tokens, as VllmSimulator does" },
  ...FORCE_OPTION,
  ...COMMON_OPTIONS,
} as const satisfies OptionTable;

const HELP = `Usage: sweep profile combine [options] CURVE CURVE OUT

Makes one profile of a curve of passes of decodes (uses_cuda true) and one of the other passes. They must agree on the
model and on all limits, but for the upper limit of tokens: passes of decodes are limited by sequences.

${describeOptions(OPTIONS)}`;

export function combineCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [first, second, out, ...others] = words;
  if (first === undefined || second === undefined || out === undefined || others.length > 0) {
    throw new SweepError("USAGE", `Found ${words.length} files, expected three: two curves and OUT.`, {
      hint: "For example: sweep profile combine eager.json graphs.json profile.json",
    });
  }
  checkTarget(out, options.force);
  const [one, other] = [first, second].map((file) => readSingleCurve(readText(file), file));
  const profile = combineCurves(one, other, options.strict);
  writeOutput(out, profileText(profile));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ out, model: profile.scalars.model })}\n`
      : `${displayPath(out)}: profile of ${profile.scalars.model}\n`,
  );
  return EXIT.done;
}
