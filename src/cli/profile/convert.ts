/** `sweep profile convert`: a profile of a table of batch sizes and times. */
import { basename, extname } from "node:path";
import { readBatchTimes } from "../../analysis/fit/batch-times.ts";
import { SweepError } from "../../errors.ts";
import { profileText } from "../../inputs/profile-text.ts";
import { curvePoints, curveThrough, type PassTime } from "../../sim/performance/profile/measured-curve.ts";
import type { Profile } from "../../sim/performance/profile/profile.ts";
import { displayPath } from "../display-path.ts";
import { describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { checkTarget, writeOutput } from "../output-file.ts";
import { readText } from "../read-text.ts";
import { EXIT } from "../report-error.ts";
import { COMMON_OPTIONS, FORCE_OPTION } from "../trace/options.ts";
import { SCALAR_OPTIONS, scalarsFrom } from "./scalar-options.ts";

const OPTIONS = { ...SCALAR_OPTIONS, ...FORCE_OPTION, ...COMMON_OPTIONS } as const satisfies OptionTable;

const HELP = `Usage: sweep profile convert [options] CSV OUT --num-gpu-blocks N

Makes a profile of a CSV of two columns, batch size (tokens of a pass) and milliseconds, whose first line is a heading.
Both curves of the profile are the same. Of several times of a batch size the last counts.

VllmSimulator's figures of N: 31997 (8B, bf16, 1 GPU), 127988 (8B, bf16, 4 GPUs), 255976 (8B, fp8, 4 GPUs), 35942 (70B, bf16,
4 GPUs), 71884 (70B, fp8, 4 GPUs).

${describeOptions(OPTIONS)}`;

/** VllmSimulator's, for converted profiles. */
const WATERMARK_BLOCKS = 3;
const MAX_NUM_SEQS = 8192;

export function convertCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [input, out, ...others] = words;
  if (input === undefined || out === undefined || others.length > 0) {
    throw new SweepError("USAGE", `Found ${words.length} files, expected two: CSV and OUT.`, {
      hint: "For example: sweep profile convert times.csv profile.json --num-gpu-blocks 31997",
    });
  }
  checkTarget(out, options.force);
  const times = readBatchTimes(readText(input), input);
  const profile = convert(times, input, options);
  writeOutput(out, profileText(profile));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ out, model: profile.scalars.model, points: times.length })}\n`
      : `${displayPath(out)}: profile of ${profile.scalars.model}, ${times.length} points\n`,
  );
  return EXIT.done;
}

function convert(times: readonly PassTime[], file: string, options: Parameters<typeof scalarsFrom>[0]): Profile {
  const points = curvePoints(times, "last");
  const largest = points[points.length - 1].tokens;
  const scalars = scalarsFrom(options, {
    model: basename(file, extname(file)),
    num_watermark_blocks: () => WATERMARK_BLOCKS,
    max_num_batched_tokens: largest,
    max_num_seqs: MAX_NUM_SEQS,
  });
  const curve = curveThrough(points, largest);
  return { scalars, prefill: curve, decode: curve };
}
