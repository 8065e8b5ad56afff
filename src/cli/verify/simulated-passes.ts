/** The simulated side of a comparison of passes: made now, or read. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
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

/** A file of passes, or the folder of a run with debug on and one busy instance. Errors: SweepError `USAGE`, TraceError. */
export function readSimulatedPasses(path: string): SimulatedPasses {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? passFileOf(path) : path;
  return { passes: readPassList(readText(file), file).filter(({ size }) => size > 0), notes: [] };
}

function passFileOf(folder: string): string {
  const instances = join(folder, "instances");
  const names = existsSync(instances) ? readdirSync(instances, { recursive: true, encoding: "utf8" }) : [];
  const files = names.filter((name) => name.endsWith("_tokens.json"));
  if (files.length === 1) return join(instances, files[0]);
  throw new SweepError("USAGE", `'${folder}' has passes of ${files.length} instances, and the engine's are of one.`, {
    hint: "A run of one vLLM instance with debug=true writes instances/0/0_tokens.json; or name such a file.",
  });
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
