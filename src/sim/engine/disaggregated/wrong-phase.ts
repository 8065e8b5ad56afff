import { ConfigError } from "../../../errors.ts";

/** A scheduler without pools wants an instance to do what instances of its kind never do. */
export function wrongPhase(phase: "prefill" | "decode", label: string): ConfigError {
  return new ConfigError("wrong_phase", `The scheduler wants instance ${label} to ${phase}, which it never does.`, {
    path: "applications.0.scheduler",
    hint: "engine=disaggregated needs a scheduler that keeps to its pools: disaggregated, or kv_*.",
  });
}
