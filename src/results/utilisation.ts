import type { InstanceRecord } from "../sim/recorder.ts";

/** Share of the run, from 0 to `endSeconds`, in which the instance ran a batch; 0 for a run that never got going. */
export function instanceUtilisation(instance: Pick<InstanceRecord, "busySeconds">, endSeconds: number): number {
  return endSeconds > 0 ? instance.busySeconds / endSeconds : 0;
}
