/** `sweep profile show|combine|convert|fit`. */
import { runAction } from "../actions.ts";

const USAGE = `Usage: sweep profile show [options] FILE                       show what is in a profile
       sweep profile combine [options] FILE FILE OUT           make one profile of two single curves
       sweep profile convert [options] CSV OUT                 make a profile of a table of batch sizes and times
       sweep profile fit [options] MEASUREMENTS                fit a profile or a performance model to measured passes

A profile says how long a pass of an engine takes by its tokens (performance_model=profile). Its format is VllmSimulator's.

  sweep profile show profile.json
  sweep profile combine eager.json graphs.json profile.json
  sweep profile convert times.csv profile.json --num-gpu-blocks 31997
  sweep profile fit passes.csv --as profile --out profile.json
  sweep profile fit passes.csv --as distserve

\`sweep profile fit --help\` and the like list formats and options.
`;

const ACTIONS = {
  show: async () => (await import("./show.ts")).showCommand,
  combine: async () => (await import("./combine.ts")).combineCommand,
  convert: async () => (await import("./convert.ts")).convertCommand,
  fit: async () => (await import("./fit.ts")).fitCommand,
};

export function profileCommand(words: readonly string[]): Promise<number> {
  return runAction("profile", USAGE, ACTIONS, words);
}
