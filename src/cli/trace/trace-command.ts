/** `sweep trace generate|describe|convert`. */
import { SweepError } from "../../errors.ts";
import { suggest } from "../../suggest.ts";
import { EXIT } from "../report-error.ts";

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

type Run = (words: readonly string[]) => number;

const ACTIONS: ReadonlyMap<string, () => Promise<Run>> = new Map<string, () => Promise<Run>>([
  ["generate", async () => (await import("./generate.ts")).generateCommand],
  ["describe", async () => (await import("./describe.ts")).describeCommand],
  ["convert", async () => (await import("./convert.ts")).convertCommand],
]);

export async function traceCommand([action, ...words]: readonly string[]): Promise<number> {
  if (action === undefined || action === "--help" || action === "-h") {
    process.stdout.write(USAGE);
    return EXIT.done;
  }
  const load = ACTIONS.get(action);
  if (load === undefined) {
    const near = suggest(action, ACTIONS.keys())[0];
    throw new SweepError("USAGE", `There is no 'sweep trace ${action}'.`, {
      hint: near === undefined ? `There are: ${[...ACTIONS.keys()].join(", ")}.` : `Did you mean '${near}'?`,
    });
  }
  return (await load())(words);
}
