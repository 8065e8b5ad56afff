/** Formats of trace files: what they are called, and how a file shows which one it has. */

interface FormatDescription {
  readonly title: string;
  /** The option of the config group `trace` that reads it. */
  readonly option: string;
  /** A column that no other format has; none for JSON Lines. */
  readonly column?: string;
}

const FORMATS = {
  splitwise: { title: "SplitwiseSim's CSV", option: "test_trace", column: "arrival_timestamp" },
  azure: { title: "Azure LLM inference trace, CSV", option: "azure", column: "ContextTokens" },
  burstgpt: { title: "BurstGPT trace, CSV", option: "burstgpt", column: "Request tokens" },
  mooncake: { title: "Mooncake trace, JSON Lines", option: "mooncake" },
} as const satisfies Record<string, FormatDescription>;

export type TraceFormat = keyof typeof FORMATS;

const NAMES = Object.keys(FORMATS) as readonly TraceFormat[];

/** What the formats are called. */
export const TRACE_FORMATS = Object.fromEntries(NAMES.map((name) => [name, FORMATS[name].title])) as Readonly<
  Record<TraceFormat, string>
>;

/** By the first line: an object, or the header of a CSV file. SplitwiseSim's, if it is none of the others. */
export function formatOf(bytes: Uint8Array): TraceFormat {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096)).toString("utf8").trim();
  if (start.startsWith("{")) return "mooncake";
  const [header] = start.split("\n", 1);
  return formatOfHeader(header) ?? "splitwise";
}

/** For a complaint about a header: names the option that reads such files, if it is another one than `expected`. */
export function headerHint(expected: TraceFormat): (header: readonly string[]) => string | undefined {
  return (header) => {
    const found = header[0]?.startsWith("{") ? "mooncake" : formatOfHeader(header.join(","));
    if (found === undefined || found === expected) return undefined;
    const { title, option } = FORMATS[found];
    return `It looks like another format (${title}), which is read with trace=${option}.`;
  };
}

function formatOfHeader(header: string): TraceFormat | undefined {
  return NAMES.find((name) => {
    const format: FormatDescription = FORMATS[name];
    return format.column !== undefined && header.includes(format.column);
  });
}
