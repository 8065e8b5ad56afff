// 70 requests/s of Azure-conversation-like load for 300 s on 40 DGX-H100 that serve BLOOM 176B, scheduled by token_jsq:
// like SplitwiseSim's rr_conv_70 trace. Simulation only: the trace is generated before, nothing is written. Times are
// measured ones, or computed ones.
import { prepare } from "./prepare.js";

const OVERRIDES = [
  "cluster=dgx-h100",
  "applications=solo",
  "scheduler=token_jsq",
  "trace=azure_conv",
  "trace.rate=70",
  "trace.requests=null",
  "trace.end_time=300",
];

export const baselineTokenJsq = (performanceModel) => async () => {
  const { simulate } = await import("../../dist/sim/simulation.js");
  const inputs = await prepare([...OVERRIDES, `performance_model=${performanceModel}`]);
  const run = () => {
    const { trace, counts, completionOrder } = simulate(inputs);
    if (completionOrder.length !== trace.count) throw new Error("requests were left unfinished");
    return { requests: trace.count, events: counts.events, iterations: counts.iterations };
  };
  return { run, warmUps: 30, repetitions: 25 };
};
