/** Keys of a trace that the user set on the command line, and that have no effect because the trace is read from a file. */
import type { Composition } from "../config/index.ts";
import { ConfigError } from "../errors.ts";
import { csvPath, fileKey, readsRecorded, type TraceConfig } from "../traces/load-trace.ts";

/** What a reader of SplitwiseSim's format uses; `name` is but a label. */
const READ_KEYS: ReadonlySet<string> = new Set(["_target_", "name", "dir", "filename", "path", "float_parser"]);

/** Values of config files may wait for a trace that is generated; an override that does nothing is a mistake. */
export function refuseIdleTraceKeys(trace: TraceConfig, composition: Composition): void {
  const path = csvPath(trace);
  if (path === undefined || readsRecorded(trace)) return;
  const idle = new Set<string>();
  const look = (key: string, value: unknown): void => {
    if (value === null) return;
    const origin = composition.originOf(key);
    if (origin?.kind === "override") idle.add(`'${origin.text}'`);
    else if (typeof value === "object") {
      for (const [inner, below] of Object.entries(value)) look(`${key}.${inner}`, below);
    }
  };
  for (const [key, value] of Object.entries(trace)) if (!READ_KEYS.has(key)) look(`trace.${key}`, value);
  if (idle.size === 0) return;
  const [has, it] = idle.size === 1 ? ["has", "it"] : ["have", "them"];
  const message = `${[...idle].join(", ")} ${has} no effect: the trace is read from '${path}' (${fileKey(trace)}).`;
  throw new ConfigError("idle_key", message, {
    hint:
      `Leave ${it} out, or the file (trace.path=null trace.filename=null). ` +
      "For another rate of a recorded trace: sweep trace convert FILE NEW --rate R.",
  });
}
