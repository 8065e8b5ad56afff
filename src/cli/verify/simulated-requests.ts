/** The simulated side of a comparison: made now, or read from a finished run. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readRecordedRun } from "../../analysis/verification/recorded-run.ts";
import type { ServedRequest } from "../../analysis/verification/served-request.ts";
import { SweepError, TraceError } from "../../errors.ts";
import { type ConfigLocation, openWorkspace } from "../../inputs/workspace.ts";
import { parseRequestFileName, requestFileOf } from "../../results/request-files/index.ts";
import { readInputs } from "../../run-one.ts";
import type { RunRecord } from "../../sim/recorder.ts";
import { simulate } from "../../sim/simulation.ts";
import { plainTrace } from "../../traces/plain-trace.ts";
import { prepareChecked } from "../jobs.ts";
import { readText } from "../read-text.ts";

export interface SimulatedRequests {
  readonly requests: readonly ServedRequest[];
  readonly notes: readonly string[];
}

/** Simulates `requests` (lengths and arrivals) in the configuration of the overrides. Errors: as of a run. */
export function simulateRequests(
  requests: readonly ServedRequest[],
  source: string,
  overrides: readonly string[],
  location: ConfigLocation,
): SimulatedRequests {
  const unknown = requests.filter(({ arrivalSeconds }) => arrivalSeconds === undefined).length;
  if (unknown > 0) {
    throw new TraceError(
      `${unknown} of ${requests.length} requests have no arrival.`,
      { file: source },
      {
        hint: "Record arrivals, or name a finished simulation of the same requests: --sim PATH.",
      },
    );
  }
  const workspace = openWorkspace(location);
  const composition = workspace.composer.compose(overrides, { mode: "run" });
  const { inputs, notes } = prepareChecked(workspace, composition);
  const arrivals = (request: ServedRequest) => request.arrivalSeconds ?? 0;
  const rows = [...requests].sort((a, b) => arrivals(a) - arrivals(b));
  const trace = plainTrace({
    arrivalSeconds: Float64Array.from(rows, arrivals),
    promptTokens: Int32Array.from(rows, ({ promptTokens }) => promptTokens),
    outputTokens: Int32Array.from(rows, ({ outputTokens }) => outputTokens),
    source,
  });
  const record = simulate(readInputs(inputs, trace));
  const served = servedRequests(
    record,
    rows.map(({ name }) => name),
  );
  return { requests: served, notes: [...composition.warnings, ...notes, ...record.unfinishedReasons] };
}

function servedRequests({ trace, outcomes }: RunRecord, names: readonly string[]): ServedRequest[] {
  const since = (column: Float64Array, row: number) => {
    const seconds = column[row] - trace.arrivalSeconds[row];
    return Number.isNaN(seconds) ? undefined : seconds;
  };
  return names.map((name, row) => ({
    name,
    promptTokens: trace.promptTokens[row],
    outputTokens: trace.outputTokens[row],
    arrivalSeconds: trace.arrivalSeconds[row],
    queueSeconds: since(outcomes.prefillStartSeconds, row),
    ttftSeconds: since(outcomes.prefillEndSeconds, row),
    e2eSeconds: since(outcomes.completionSeconds, row),
  }));
}

/** A run's folder, or a file in a format of recorded requests. Errors: TraceError, SweepError `USAGE`. */
export async function readSimulated(path: string): Promise<SimulatedRequests> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    return { requests: await requestsOfRun(path), notes: [] };
  }
  const { requests, sim, notes } = readRecordedRun(readText(path), path);
  return { requests: sim ?? requests, notes };
}

const COLUMNS = ["request_ids", "prompt_sizes", "token_sizes", "queue_times", "ttft_times", "response_times"] as const;

async function requestsOfRun(folder: string): Promise<ServedRequest[]> {
  const tables = join(folder, "detailed");
  const names = existsSync(tables) ? readdirSync(tables).map((name) => `detailed/${name}`) : [];
  const requests: ServedRequest[] = [];
  let found = 0;
  for (const name of names) {
    const parsed = parseRequestFileName(name);
    if (parsed === undefined) continue;
    found++;
    const columns = await (await requestFileOf(parsed.format)).readColumns(join(folder, name), COLUMNS);
    if (columns === undefined) {
      throw new TraceError(`The table lacks one of the columns ${COLUMNS.join(", ")}.`, { file: join(folder, name) });
    }
    const [id, promptTokens, outputTokens, queue, ttft, e2e] = columns;
    id.forEach((value, row) => {
      requests.push({
        name: String(value),
        promptTokens: promptTokens[row],
        outputTokens: outputTokens[row],
        arrivalSeconds: undefined,
        queueSeconds: queue[row],
        ttftSeconds: ttft[row],
        e2eSeconds: e2e[row],
      });
    });
  }
  if (found === 0) {
    throw new SweepError("USAGE", `'${folder}' is no folder of a run with its requests: it has no detailed/0.csv.`, {
      hint: "A run writes it unless results.outputs leaves out 'detailed'.",
    });
  }
  return requests.sort((a, b) => Number(a.name) - Number(b.name));
}
