/** The files of one run, as text made from its record. File names are relative to the run's directory. */
import type { InstanceLog, InstanceLogRow, InstanceRecord, RunRecord } from "../sim/recorder.ts";
import { csvPieces, numberCell, textCell } from "./csv.ts";
import type { FileContent, TextPieces } from "./file-content.ts";
import type { PowerConstants } from "./instance-power.ts";
import { passDetailJsonl, passTokensJson } from "./pass-files.ts";
import { csvRequestFile } from "./request-files/csv-request-file.ts";
import { type RequestFileFormat, requestFileName } from "./request-files/index.ts";
import type { RequestFile } from "./request-files/request-file.ts";
import { REQUEST_COLUMN_NAMES, type RequestTable } from "./request-table.ts";
import { samplesCsv } from "./samples-csv.ts";
import { STATISTIC_NAMES } from "./summary-statistics.ts";
import { swappingFiles } from "./swapping-files.ts";
import { instanceUtilisation } from "./utilisation.ts";

/** What a run can write (`results.outputs`), and which files each name stands for. */
export const OUTPUTS = {
  summary: "summary.csv: statistics of every request column, a row per application",
  detailed: "detailed/<application>.csv (or .parquet): a row per completed request, in order of completion",
  utilisation: "detailed/<application>_alloc.csv: the busy share of every instance",
  request_nodes:
    "request_nodes.csv: start and end of the prefill, decode and KV-cache transfer of every completed request",
  instances:
    "instances/<application>/<instance>.csv: the iterations of every instance, and <instance>_tokens.json, _passes.jsonl: passes of vLLM's engines (with debug only)",
  samples:
    "samples.csv: queue, batch, memory and power of every instance over time (with results.sample_interval only)",
  swapping:
    "swapping/models.csv, groups.csv, links.csv, log.csv, requests.csv: where models are swapped, what it did to each (with swapping only)",
  logs: "simulator.csv, server.csv, schedulers/<application>.csv: kept for tools that read SplitwiseSim's results",
} as const;

export type OutputName = keyof typeof OUTPUTS;
export const OUTPUT_NAMES = Object.keys(OUTPUTS) as readonly OutputName[];

/** What a run can have at the top of its directory, besides the marker. */
export const SHARD_NAMES = [
  ".hydra",
  "summary.csv",
  "detailed",
  "request_nodes.csv",
  "instances",
  "samples.csv",
  "swapping",
  "simulator.csv",
  "server.csv",
  "schedulers",
];

/** Everything, but nothing in sweeps of so many runs that their files would outgrow their worth. */
export const AUTO_OUTPUTS = "auto";
/** Runs from which a sweep keeps summary rows only, unless told otherwise. */
export const LARGE_SWEEP_RUNS = 1000;

export type OutputChoice = OutputName | typeof AUTO_OUTPUTS;

/** What `results.outputs` chooses for the runs of a sweep of this size; a single run is a sweep of one. */
export function chosenOutputs(choices: readonly OutputChoice[], sweepRuns = 1): Set<OutputName> {
  const automatic = sweepRuns < LARGE_SWEEP_RUNS ? OUTPUT_NAMES : [];
  return new Set(choices.flatMap((choice) => (choice === AUTO_OUTPUTS ? automatic : [choice])));
}

/** How tables of requests are written. */
interface RequestTables {
  readonly format: RequestFileFormat;
  readonly requestFile: RequestFile;
}

/** The chosen files of a run, by relative name. */
export function runFiles(
  record: RunRecord,
  tables: readonly RequestTable[],
  outputs: ReadonlySet<OutputName> = new Set(OUTPUT_NAMES),
  { format, requestFile }: RequestTables = { format: "csv", requestFile: csvRequestFile },
  powerModel?: PowerConstants,
): Map<string, FileContent> {
  const files = new Map<string, FileContent>();
  if (outputs.has("summary")) files.set("summary.csv", summaryCsv(tables));
  for (const table of tables) {
    const id = table.applicationId;
    if (outputs.has("detailed")) files.set(requestFileName(id, format), requestFile.content(table));
    if (outputs.has("utilisation")) files.set(`detailed/${id}_alloc.csv`, utilisationCsv(record, id));
    if (outputs.has("logs")) files.set(`schedulers/${id}.csv`, "time,action,info\n");
  }
  if (outputs.has("request_nodes")) files.set("request_nodes.csv", requestNodesCsv(record));
  if (outputs.has("samples") && record.samples !== undefined) {
    files.set("samples.csv", samplesCsv(record.samples, record.instances, powerModel));
  }
  if (outputs.has("swapping") && record.swapping !== undefined) {
    for (const [name, content] of swappingFiles(record, record.swapping)) files.set(name, content);
  }
  if (outputs.has("logs")) {
    files.set("simulator.csv", `time,event\n${numberCell(record.endSeconds)},end\n`);
    files.set("server.csv", "time,server\n");
  }
  if (outputs.has("instances")) {
    for (const log of record.instanceLogs) {
      const { applicationId, id } = record.instances[log.instance];
      files.set(`instances/${applicationId}/${id}.csv`, instanceCsv(log, record.instances[log.instance]));
    }
    for (const { instance, rows } of record.passLogs ?? []) {
      const { applicationId, id } = record.instances[instance];
      files.set(`instances/${applicationId}/${id}_tokens.json`, passTokensJson(rows, record));
      files.set(`instances/${applicationId}/${id}_passes.jsonl`, passDetailJsonl(rows, record));
    }
  }
  return files;
}

function summaryCsv(tables: readonly RequestTable[]): TextPieces {
  const header = REQUEST_COLUMN_NAMES.flatMap((column) => STATISTIC_NAMES.map((statistic) => `${column}_${statistic}`));
  return csvPieces(["application_id", ...header], tables.length, (i) => {
    const cells = REQUEST_COLUMN_NAMES.flatMap((column) => {
      const statistics = tables[i].statistics(column);
      return STATISTIC_NAMES.map((statistic) => numberCell(statistics?.[statistic]));
    });
    return `${tables[i].applicationId},${cells.join(",")}`;
  });
}

function utilisationCsv(record: RunRecord, applicationId: number): TextPieces {
  const instances = record.instances.filter((instance) => instance.applicationId === applicationId);
  return csvPieces(["instance_names", "utilizations"], instances.length, (i) => {
    const utilisation = instanceUtilisation(instances[i], record.endSeconds);
    return `${textCell(instances[i].processorName)},${utilisation}`;
  });
}

const NODE_COLUMNS = [
  "request_id",
  "request_type",
  "node_id",
  "node_type",
  "runner",
  "start_timestamp",
  "completion_timestamp",
];

/** Completed requests in order of completion; nodes 0, 1 and 2 of a request, as far as each happened. */
function requestNodesCsv(record: RunRecord): TextPieces {
  const { trace, outcomes, completionOrder } = record;
  const runners = record.instances.map((instance) => textCell(instanceName(instance)));
  return csvPieces(NODE_COLUMNS, completionOrder.length, (i) => {
    const row = completionOrder[i];
    const request = `${trace.requestId[row]},${trace.requestType[row]}`;
    const prefillRunner = runners[outcomes.prefillInstance[row]] ?? "";
    let lines = `${request},0,PROMPT,${prefillRunner},${outcomes.prefillStartSeconds[row]},${outcomes.prefillEndSeconds[row]}`;
    if (!Number.isNaN(outcomes.decodeStartSeconds[row])) {
      const decodeRunner = runners[outcomes.decodeInstance[row]] ?? "";
      lines += `\n${request},1,TOKEN,${decodeRunner},${outcomes.decodeStartSeconds[row]},${outcomes.decodeEndSeconds[row]}`;
    }
    if (!Number.isNaN(outcomes.transferStartSeconds[row])) {
      lines += `\n${request},2,KVCacheTransfer,DummyLink,${outcomes.transferStartSeconds[row]},${outcomes.transferEndSeconds[row]}`;
    }
    return lines;
  });
}

function instanceName({ processorName, id }: InstanceRecord): string {
  return `${processorName}_${id}`;
}

/** Columns of an instance's log after name and tag, with the field that each one prints. */
const INSTANCE_COLUMNS: readonly (readonly [name: string, field: keyof InstanceLogRow])[] = [
  ["iteration_start", "iterationStartSeconds"],
  ["iteration_end", "iterationEndSeconds"],
  ["batch_size", "batchSize"],
  ["prompt_tasks_in_batch", "prefillsInBatch"],
  ["memory", "memoryBytes"],
  ["pending_requests", "pendingRequests"],
  ["pending_tasks", "pendingTasks"],
  ["blocked_tasks", "blockedTasks"],
  ["pending_prompts", "pendingPrefills"],
  ["earliest_request_id", "earliestRequestId"],
  ["memory_allocs_size", "memoryAllocations"],
  ["num_contiguous_iterations", "contiguousIterations"],
  ["batch_tokens", "batchTokens"],
  ["pending_tokens", "pendingTokens"],
];

function instanceCsv(log: InstanceLog, instance: InstanceRecord): TextPieces {
  const header = ["name", "tag", ...INSTANCE_COLUMNS.map(([name]) => name)];
  const labels = `${textCell(instanceName(instance))},${textCell(instance.tag ?? "None")}`;
  return csvPieces(header, log.rows.length, (i) => {
    let line = labels;
    for (const [, field] of INSTANCE_COLUMNS) line += `,${numberCell(log.rows[i][field])}`;
    return line;
  });
}
