// Splitwise-HH: 25 DGX-H100 for prefills and 15 for decodes serve BLOOM 176B under mixed_pool, 70 requests/s of conversation
// for 300 s. Simulation only. SplitwiseSim needs 101 CPU seconds for it. With its recorded trace rr_conv_70_300s where that
// is at hand (`trace` says so), else with a generated one like it.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { prepare } from "./prepare.js";

const RECORDED = fileURLToPath(new URL("../../../shared/data/traces/bench/rr_conv_70_300s.csv", import.meta.url));
const GENERATED = ["trace=azure_conv", "trace.rate=70", "trace.requests=null", "trace.end_time=300"];

export function splitwiseMixedPool(mode) {
  return async () => {
    const { simulate } = await import("../../dist/sim/simulation.js");
    const isRecorded = existsSync(RECORDED);
    const inputs = await prepare([
      `compat=${mode}`,
      "cluster=dgx-h100",
      "applications=solo",
      "performance_model=db",
      "scheduler=mixed_pool",
      "start_state=splitwise",
      "start_state.prompt.num_instances=25",
      "start_state.token.num_instances=15",
      ...(isRecorded ? ["trace=test_trace", `trace.path=${RECORDED}`] : GENERATED),
    ]);
    const run = () => {
      const { trace, counts, completionOrder } = simulate(inputs);
      if (completionOrder.length !== trace.count) throw new Error("requests were left unfinished");
      const { events, iterations } = counts;
      return { trace: isRecorded ? "recorded" : "generated", requests: trace.count, events, iterations };
    };
    return { run, warmUps: 30, repetitions: 25 };
  };
}
