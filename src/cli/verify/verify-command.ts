/** `sweep verify metrics|tokens`. */
import { SweepError } from "../../errors.ts";
import { suggest } from "../../suggest.ts";
import { EXIT } from "../report-error.ts";

const USAGE = `Usage: sweep verify metrics --engine FILE [--sim PATH] [overrides...]   compare the times of requests
       sweep verify tokens --engine FILE [--sim PATH] [overrides...]    compare the tokens of every pass

Compares what a real engine recorded with a simulation of the same requests: with a finished one (--sim), or with one
made now, of the configuration that the overrides compose.

  sweep verify metrics --engine requests.csv engine=vllm_v1 performance_model=profile
  sweep verify metrics --engine vllm-benchmark.json --sim results/runs/2026-01-31_12-00-00
  sweep verify tokens --engine passes.json --sim simulated-passes.json

\`sweep verify metrics --help\` and the like list formats and options.
`;

type Run = (words: readonly string[]) => number | Promise<number>;

const ACTIONS: ReadonlyMap<string, () => Promise<Run>> = new Map<string, () => Promise<Run>>([
  ["metrics", async () => (await import("./verify-metrics.ts")).verifyMetricsCommand],
  ["tokens", async () => (await import("./verify-tokens.ts")).verifyTokensCommand],
]);

export async function verifyCommand([action, ...words]: readonly string[]): Promise<number> {
  if (action === undefined || action === "--help" || action === "-h") {
    process.stdout.write(USAGE);
    return EXIT.done;
  }
  const load = ACTIONS.get(action);
  if (load === undefined) {
    const near = suggest(action, ACTIONS.keys())[0];
    throw new SweepError("USAGE", `There is no 'sweep verify ${action}'.`, {
      hint: near === undefined ? `There are: ${[...ACTIONS.keys()].join(", ")}.` : `Did you mean '${near}'?`,
    });
  }
  return (await load())(words);
}
