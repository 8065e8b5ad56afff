/** `sweep profile show`: what is in a profile, with plots of its curves. */
import { SweepError } from "../../errors.ts";
import { isSingleCurve, readProfile, readSingleCurve } from "../../inputs/profile-file.ts";
import type { ProfileCurve, ProfileScalars } from "../../sim/performance/profile/profile.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { readText } from "../read-text.ts";
import { EXIT } from "../report-error.ts";
import { COMMON_OPTIONS } from "../trace/options.ts";
import { bar } from "../trace/text-plot.ts";

const OPTIONS = { ...COMMON_OPTIONS } as const satisfies OptionTable;

const HELP = `Usage: sweep profile show [options] FILE

Shows the limits and curves of a profile, or of a single curve. Times are seconds of a pass of so many tokens.

${describeOptions(OPTIONS)}`;

const BAR_COLUMNS = 30;

export function showCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [file, ...others] = words;
  if (file === undefined || others.length > 0) {
    throw new SweepError("USAGE", `Found ${words.length} files, expected one.`, {
      hint: "For example: sweep profile show profile.json",
    });
  }
  const { scalars, curves } = shownProfile(readText(file), file);
  if (options.json) {
    const shown = curves.map(({ usesCuda, curve }) => ({
      uses_cuda: usesCuda,
      input_token_upper_limit: curve.limitTokens,
      points: pointsOf(curve),
    }));
    process.stdout.write(`${JSON.stringify({ ...scalars, curves: shown })}\n`);
    return EXIT.done;
  }
  const facts = Object.entries(scalars).map(([key, value]) => `${key.padEnd(26)}${value}`);
  process.stdout.write(`${[...facts, ...curves.flatMap(curveLines)].join("\n")}\n`);
  return EXIT.done;
}

interface ShownCurve {
  readonly usesCuda: boolean;
  readonly curve: ProfileCurve;
}

function shownProfile(text: string, file: string): { scalars: ProfileScalars; curves: readonly ShownCurve[] } {
  if (isSingleCurve(text)) {
    const single = readSingleCurve(text, file);
    return { scalars: single.scalars, curves: [single] };
  }
  const { scalars, prefill, decode } = readProfile(text, file);
  return {
    scalars,
    curves: [
      { usesCuda: false, curve: prefill },
      { usesCuda: true, curve: decode },
    ],
  };
}

interface Point {
  readonly tokens: number;
  readonly seconds: number;
}

/** The ends of the intervals, by ascending tokens. */
function pointsOf({ intervals }: ProfileCurve): Point[] {
  return intervals
    .map(({ endTokens, slopeSeconds, interceptSeconds }) => ({
      tokens: endTokens,
      seconds: slopeSeconds * endTokens + interceptSeconds,
    }))
    .sort((a, b) => a.tokens - b.tokens);
}

const COLUMNS: readonly TextColumn[] = [
  { group: "", title: "tokens", align: "right" },
  { group: "", title: "seconds", align: "right" },
  { group: "", title: "", align: "left" },
];

function curveLines({ usesCuda, curve }: ShownCurve): string[] {
  const points = pointsOf(curve);
  const longest = points.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const title = usesCuda ? "Passes of decodes only (CUDA graphs)" : "Passes with a prefill";
  const rows = points.map(({ tokens, seconds }) => [
    String(tokens),
    seconds.toPrecision(4),
    bar(longest > 0 ? Math.max(0, seconds) / longest : 0, BAR_COLUMNS),
  ]);
  return ["", `${title}, up to ${curve.limitTokens} tokens`, ...formatTextTable(COLUMNS, rows)];
}
