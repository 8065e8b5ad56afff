/** Turns a trace's arrival times into events. */
import type { Kernel } from "../kernel/kernel.ts";
import type { Trace } from "./trace.ts";

/** Rows by arrival time; equal times in file order. Undefined if the file is in this order already. */
function rowsByArrival({ arrivalSeconds, count }: Trace): Int32Array | undefined {
  for (let row = 1; row < count; row++) {
    if (arrivalSeconds[row] < arrivalSeconds[row - 1]) {
      return Int32Array.from({ length: count }, (_, index) => index).sort(
        (a, b) => arrivalSeconds[a] - arrivalSeconds[b] || a - b,
      );
    }
  }
  return undefined;
}

/**
 * One pending arrival at a time: the queue stays as small as the number of busy instances. Requests of one time arrive
 * together, before anything that the first of them causes at that time.
 */
export function feedArrivals(kernel: Kernel, trace: Trace, arrive: (request: number) => void): void {
  const order = rowsByArrival(trace);
  const rowAt = (index: number) => (order === undefined ? index : order[index]);
  const arrival = kernel.on((first) => {
    let end = first + 1;
    while (end < trace.count && trace.arrivalSeconds[rowAt(end)] === kernel.now) end++;
    if (end < trace.count) kernel.at(trace.arrivalSeconds[rowAt(end)], arrival, end);
    for (let index = first; index < end; index++) arrive(rowAt(index));
  });
  if (trace.count > 0) kernel.at(trace.arrivalSeconds[rowAt(0)], arrival, 0);
}

/** All arrivals at once, in file order; an arrival at time 0 happens immediately. */
export function preloadArrivals(kernel: Kernel, trace: Trace, arrive: (request: number) => void): void {
  const arrival = kernel.on(arrive);
  for (let row = 0; row < trace.count; row++) kernel.after(trace.arrivalSeconds[row], arrival, row);
}
