/** The systems of Splitwise's evaluation (Patel et al., ISCA 2024), in the order and the colours of all its figures here. */
import { LIGHT_PALETTE } from "../../charts/style.ts";

export const SYSTEMS = [
  "Baseline-A100",
  "Baseline-H100",
  "Splitwise-AA",
  "Splitwise-HH",
  "Splitwise-HA",
  "Splitwise-HHcap",
] as const;
export type System = (typeof SYSTEMS)[number];

export const BASELINE: System = "Baseline-A100";

export const SYSTEM_COLOURS = SYSTEMS.map((_, index) => LIGHT_PALETTE[index]);

export function legendOf(systems: readonly string[]) {
  return SYSTEMS.flatMap((label, index) => (systems.includes(label) ? [{ label, colour: SYSTEM_COLOURS[index] }] : []));
}

/** The studies of all systems for one question, such as `isopower`. */
export function studies(question: string): string[] {
  return ["baseline_a100", "baseline_h100", "aa", "hh", "ha", "hhcap"].map((name) => `splitwise/${name}_${question}`);
}

export const FAMILIES = { conv: "conversation", code: "code" } as const;
export type Family = keyof typeof FAMILIES;

export const LATENCIES = ["ttft", "tbt", "e2e"] as const;
export const QUANTILES = ["p50", "p90", "p99"] as const;

/** Largest slowdowns that keep the objectives (the evaluation's notebooks; conf/slo/splitwise.yaml). */
export const LIMITS = {
  ttft: { p50: 2, p90: 3, p99: 6 },
  tbt: { p50: 1.25, p90: 1.5, p99: 5 },
  e2e: { p50: 1.25, p90: 1.5, p99: 5 },
} as const;
