/** Times of trace events, which are in microseconds. */

/** In whole nanoseconds, as viewers keep them, so that a slice never reaches into the next. */
export function span(startSeconds: number, endSeconds: number): { readonly ts: number; readonly dur: number } {
  const start = Math.round(startSeconds * 1e9);
  return { ts: start / 1e3, dur: (Math.round(endSeconds * 1e9) - start) / 1e3 };
}

export function microseconds(seconds: number): number {
  return Math.round(seconds * 1e9) / 1e3;
}
