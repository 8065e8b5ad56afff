/** Where on a timeline a request was served. */
import type { RunRecord } from "../../sim/recorder.ts";
import type { SliceIndex } from "./slice-index.ts";
import type { Transfer, Transfers } from "./transfers.ts";

/** A slice of an instance, by its row, or a transfer. */
export type Stop = number | Transfer;

/**
 * First and last slice of the prefill, transfer, first and last slice of the decode, in order of time; without those that are
 * not in the timeline, and each once.
 */
export function requestPath(
  { outcomes }: RunRecord,
  slices: SliceIndex,
  transfers: Transfers,
  request: number,
): Stop[] {
  const { prefillStartSeconds, prefillEndSeconds, decodeStartSeconds, decodeEndSeconds } = outcomes;
  const prefill = outcomes.prefillInstance[request];
  const decode = outcomes.decodeInstance[request];
  const hasDecode = decodeEndSeconds[request] > decodeStartSeconds[request];
  const stops: (Stop | undefined)[] = [
    slices.runningFrom(prefill, prefillStartSeconds[request]),
    slices.runningUntil(prefill, prefillEndSeconds[request]),
    transfers.byRequest.get(request),
  ];
  if (hasDecode) {
    // Until its first slice begins, a decode may wait.
    stops.push(slices.nextFrom(decode, decodeStartSeconds[request]));
    stops.push(slices.runningUntil(decode, decodeEndSeconds[request]));
  }
  return stops.filter((stop, index): stop is Stop => stop !== undefined && stop !== stops[index - 1]);
}
