/** `sweep trace generate|describe|convert`. */
import { runAction } from "../actions.ts";

const USAGE = `Usage: sweep trace generate [options] [overrides...] --out FILE   write a generated trace
       sweep trace describe [options] FILE|overrides...          show what is in a trace
       sweep trace convert [options] IN OUT                      write a recorded trace in SplitwiseSim's format

  sweep trace generate trace=poisson trace.rate=5 trace.requests=1000 seed=1 --out mine.csv
  sweep trace generate trace.filename=rr_conv_70 --out traces/rr_conv_70.csv
  sweep trace describe traces/rr_conv_70.csv
  sweep trace describe trace=gamma trace.arrivals.cv=4
  sweep trace convert AzureLLMInferenceTrace_conv.csv conv_20.csv --rate 20

\`sweep trace generate --help\` and the like list the options.
`;

const ACTIONS = {
  generate: async () => (await import("./generate.ts")).generateCommand,
  describe: async () => (await import("./describe.ts")).describeCommand,
  convert: async () => (await import("./convert.ts")).convertCommand,
};

export function traceCommand(words: readonly string[]): Promise<number> {
  return runAction("trace", USAGE, ACTIONS, words);
}
