/** LLM-simulator's closed form of given figures, without a configuration. */
import { ClosedFormTimes } from "../performance/closed-form/closed-form.ts";
import { type ClosedFormInputs, closedFormFigures } from "../performance/closed-form/formula.ts";
import { type LatencyRequest, type RequestLatency, requestLatency } from "./request-latency.ts";

/** With `units: "mixed"` and `firstToken: "decode"` LLM-simulator's own numbers. */
export function closedFormLatency(inputs: ClosedFormInputs, request: LatencyRequest): RequestLatency {
  return requestLatency(new ClosedFormTimes(closedFormFigures(inputs)), request);
}
