/**
 * Traces that exist by their names: those of SplitwiseSim's experiments, which its own generator draws without a seed.
 * Source: its generate_trace.py and configs/experiment (Splitwise, ISCA 2024).
 */
import { ConfigError } from "../errors.ts";
import { LARGEST_COUNT } from "./arrivals/generate-arrivals.ts";
import { csvPath, fileKey, readsRecorded, type TraceConfig } from "./load-trace.ts";
import type { GeneratedParameters } from "./trace.schema.ts";

/** Part of the identity of every run on a named trace: raise it when a name and a seed give another trace. */
const DEFINITION_VERSION = 1;

const NAME = /^rr_(code|conv)_(\d{1,9}(?:\.\d{1,9})?)(_2min)?\.csv(?:\.gz)?$/;

const SERVICES = { code: "code completion", conv: "conversation" } as const;

export interface NamedTrace {
  /** What generates the trace, with the seed of the run. */
  readonly parameters: GeneratedParameters;
  /** Differs between traces that differ for other reasons than the seed and the bytes of the tables. */
  readonly identity: string;
  /** Tells the user that no file was read; the same for all rates of a family. */
  readonly note: string;
}

/** The named trace that the configuration asks for by a file's name. Errors: ConfigError if it would be too long. */
export function namedTrace(trace: TraceConfig): NamedTrace | undefined {
  const path = csvPath(trace);
  if (path === undefined || readsRecorded(trace)) return undefined;
  const match = NAME.exec(path.slice(path.lastIndexOf("/") + 1));
  if (match === null || Number(match[2]) === 0) return undefined;
  const service = match[1] as keyof typeof SERVICES;
  const rate = Number(match[2]);
  const endSeconds = match[3] === undefined ? 600 : 120;
  if (rate * endSeconds > LARGEST_COUNT) {
    throw new ConfigError("trace_length", `${rate} requests/s for ${endSeconds} s are more than ${LARGEST_COUNT}.`, {
      path: fileKey(trace),
    });
  }
  const parameters = definition(service, rate, endSeconds, match[0].replace(/\.csv.*$/, ""), trace.float_parser);
  const family = `rr_${service}_R${match[3] ?? ""}`;
  return {
    parameters,
    identity: JSON.stringify([DEFINITION_VERSION, parameters]),
    note:
      `there is no file of the named trace ${family}: generated with the run's seed, Poisson arrivals at R requests/s ` +
      `for ${endSeconds} s, prompt and output lengths of Azure's ${SERVICES[service]} service 2023`,
  };
}

/** Names that may be meant by a path that is none of them: for suggestions. */
export function namesLike(path: string): string[] {
  const number = /_(\d[\d.]*)(_2min)?(?:\.csv)?$/.exec(path);
  return number === null ? [] : Object.keys(SERVICES).map((service) => `rr_${service}_${number[1]}${number[2] ?? ""}`);
}

/** Prompts and outputs are independent of each other, as SplitwiseSim's generator draws them. */
function definition(
  service: keyof typeof SERVICES,
  rate: number,
  endSeconds: number,
  name: string,
  floatParser: TraceConfig["float_parser"],
): GeneratedParameters {
  const table = `data/lengths/azure-2023-${service}-marginals.csv`;
  return {
    _target_: "traces.Generated",
    name,
    float_parser: floatParser ?? "ieee",
    rate,
    end_time: endSeconds,
    arrivals: { process: "poisson" },
    lengths: {
      prompt: { distribution: "quantiles", table, column: "prompt" },
      output: { distribution: "quantiles", table, column: "output" },
    },
  };
}
