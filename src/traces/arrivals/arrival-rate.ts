/** How often requests arrive: by rate or by utilisation. */
import { ConfigError } from "../../errors.ts";
import type { GeneratedParameters } from "../trace.schema.ts";
import { type Clock, steadyClock } from "./clock.ts";

/** Keys of a trace that say how often requests arrive. */
export type ArrivalRate = Pick<
  GeneratedParameters,
  "rate" | "utilisation" | "servers" | "request_seconds" | "arrivals"
>;

/** Errors: ConfigError for keys that are missing, contradict each other or have no effect. */
export function clockOf(parameters: ArrivalRate): Clock {
  const rate = rateOf(parameters);
  if (rate === undefined) {
    throw new ConfigError("missing_key", "Nothing says how often requests arrive.", {
      path: "trace.rate",
      hint: "Set trace.rate, or trace.utilisation with trace.servers and trace.request_seconds.",
    });
  }
  return steadyClock(rate);
}

/** Requests per second, if there is a rate or a utilisation that says so. Errors: ConfigError. */
export function rateOf({
  rate,
  utilisation,
  servers,
  request_seconds,
}: Omit<ArrivalRate, "arrivals">): number | undefined {
  if (utilisation == null) {
    if (servers == null && request_seconds == null) return rate ?? undefined;
    const idle = servers == null ? "request_seconds" : "servers";
    throw new ConfigError("unknown_key", `${idle} has no effect without utilisation.`, { path: `trace.${idle}` });
  }
  if (rate != null) {
    throw new ConfigError("exclusive_keys", "rate and utilisation both say how often requests arrive.", {
      path: "trace.utilisation",
      hint: "Set one of them to null.",
    });
  }
  if (servers == null || request_seconds == null) {
    const missing = servers == null ? "servers" : "request_seconds";
    throw new ConfigError("missing_key", `utilisation needs ${missing}.`, {
      path: `trace.${missing}`,
      hint: "rate = utilisation * servers / request_seconds.",
    });
  }
  return (utilisation * servers) / request_seconds;
}
