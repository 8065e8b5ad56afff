/** `sweep profile show`: what is in a profile, with plots of its curves. */
import { type ProfileCurve, SCALARS } from "../../analysis/profile/profile-file.ts";
import { hasBothCurves, parseInterval, readProfileFile } from "../../analysis/profile/read-profile-file.ts";
import { SweepError } from "../../errors.ts";
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
  const profile = readProfileFile(readText(file), file);
  const curves = hasBothCurves(profile) ? [profile.no_cuda_profile, profile.cuda_profile] : [profile];
  if (options.json) {
    const shown = {
      ...scalars(profile),
      curves: curves.map((curve) => ({ uses_cuda: curve.uses_cuda, points: pointsOf(curve) })),
    };
    process.stdout.write(`${JSON.stringify(shown)}\n`);
    return EXIT.done;
  }
  const facts = SCALARS.map((key) => `${key.padEnd(26)}${profile[key]}`);
  process.stdout.write(`${[...facts, ...curves.flatMap(curveLines)].join("\n")}\n`);
  return EXIT.done;
}

function scalars(profile: Readonly<Record<(typeof SCALARS)[number], string | number>>) {
  return Object.fromEntries(SCALARS.map((key) => [key, profile[key]]));
}

interface Point {
  readonly tokens: number;
  readonly seconds: number;
}

/** The ends of the intervals, by ascending tokens. */
function pointsOf({ intervals }: ProfileCurve): Point[] {
  return Object.entries(intervals)
    .flatMap(([text, { slope, intercept }]) => {
      const interval = parseInterval(text);
      return interval === undefined ? [] : [{ tokens: interval.end, seconds: slope * interval.end + intercept }];
    })
    .sort((a, b) => a.tokens - b.tokens);
}

const COLUMNS: readonly TextColumn[] = [
  { group: "", title: "tokens", align: "right" },
  { group: "", title: "seconds", align: "right" },
  { group: "", title: "", align: "left" },
];

function curveLines(curve: ProfileCurve): string[] {
  const points = pointsOf(curve);
  const longest = points.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const title = curve.uses_cuda ? "Passes of decodes only (CUDA graphs)" : "Passes with a prefill";
  const rows = points.map(({ tokens, seconds }) => [
    String(tokens),
    seconds.toPrecision(4),
    bar(longest > 0 ? Math.max(0, seconds) / longest : 0, BAR_COLUMNS),
  ]);
  return ["", `${title}, up to ${curve.input_token_upper_limit} tokens`, ...formatTextTable(COLUMNS, rows)];
}
