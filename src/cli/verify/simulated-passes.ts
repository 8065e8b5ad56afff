/** The simulated side of a comparison of passes: made now, or read. */
import { type Pass, readPassList } from "../../analysis/verification/pass-list.ts";
import { SweepError } from "../../errors.ts";
import { type ConfigLocation, openWorkspace } from "../../inputs/workspace.ts";
import { readInputs } from "../../run-one.ts";
import type { PassLog } from "../../sim/recorder.ts";
import { simulate } from "../../sim/simulation.ts";
import { prepareChecked } from "../jobs.ts";
import { readText } from "../read-text.ts";

export interface SimulatedPasses {
  readonly passes: readonly Pass[];
  readonly notes: readonly string[];
}

/** Errors: SweepError `USAGE`, TraceError. */
export function readSimulatedPasses(path: string): SimulatedPasses {
  return { passes: readPassList(readText(path), path), notes: [] };
}

/** Of the one instance of the configuration, whose trace is served. Requests are called by their ids. Errors: as of a run. */
export function simulatePasses(overrides: readonly string[], location: ConfigLocation): SimulatedPasses {
  const workspace = openWorkspace(location);
  const composition = workspace.composer.compose([...overrides, "debug=true"], { mode: "run" });
  const { inputs, notes } = prepareChecked(workspace, composition);
  const record = simulate(readInputs(inputs));
  const logs = (record.passLogs ?? []).filter(({ rows }) => rows.length > 0);
  const { requestId } = record.trace;
  return {
    passes: passesOf(logs, (row) => String(requestId[row])),
    notes: [...composition.warnings, ...notes, ...record.unfinishedReasons],
  };
}

function passesOf(logs: readonly PassLog[], nameOf: (row: number) => string): Pass[] {
  if (logs.length === 0) {
    throw new SweepError("USAGE", "The engine of the configuration has no passes that could be compared.", {
      hint: "Choose engine=vllm_v1, vllm_v0 or vllm_v0_chunked.",
    });
  }
  if (logs.length > 1) {
    throw new SweepError("USAGE", `${logs.length} instances served the requests, and the engine's passes are of one.`, {
      hint: "Choose a cluster of one instance: cluster=solo_h100.",
    });
  }
  // Idle passes are of the clock only.
  const busy = logs[0].rows.filter(({ totalTokens }) => totalTokens > 0);
  return busy.map(({ requests, tokens }) => new Map(requests.map((row, index) => [nameOf(row), tokens[index]])));
}
