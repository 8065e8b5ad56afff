/** `sweep verify metrics|tokens`. */
import { runAction } from "../actions.ts";

const USAGE = `Usage: sweep verify metrics --engine FILE [--sim PATH] [overrides...]   compare the times of requests
       sweep verify tokens --engine FILE [--sim PATH] [overrides...]    compare the tokens of every pass

Compares what a real engine recorded with a simulation of the same requests: with a finished one (--sim), or with one
made now, of the configuration that the overrides compose.

  sweep verify metrics --engine requests.csv engine=vllm_v1 performance_model=profile
  sweep verify metrics --engine vllm-benchmark.json --sim results/runs/2026-01-31_12-00-00
  sweep verify tokens --engine passes.json --sim simulated-passes.json

\`sweep verify metrics --help\` and the like list formats and options.
`;

const ACTIONS = {
  metrics: async () => (await import("./verify-metrics.ts")).verifyMetricsCommand,
  tokens: async () => (await import("./verify-tokens.ts")).verifyTokensCommand,
};

export function verifyCommand(words: readonly string[]): Promise<number> {
  return runAction("verify", USAGE, ACTIONS, words);
}
