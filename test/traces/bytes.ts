/** A text as the bytes that readers take. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The columns of a trace as plain arrays, without its source. */
export function columnsOf(trace: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(trace)
      .filter(([name]) => name !== "source")
      .map(([name, column]) => [name, ArrayBuffer.isView(column) ? Array.from(column as Float64Array) : column]),
  );
}
