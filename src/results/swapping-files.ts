/** `swapping/*.csv`: what became of models, processors, links and requests where models are swapped. */
import type { RunRecord, SwapRecord } from "../sim/recorder.ts";
import { csvPieces, numberCell, textCell } from "./csv.ts";
import type { TextPieces } from "./file-content.ts";

const GIGABYTE = 1e9;

/** Files by their names within the run's directory. */
export function swappingFiles(record: RunRecord, swapping: SwapRecord): Map<string, TextPieces> {
  const seconds = record.endSeconds;
  return new Map([
    ["swapping/models.csv", modelsCsv(swapping)],
    ["swapping/groups.csv", groupsCsv(swapping, seconds)],
    ["swapping/links.csv", linksCsv(swapping, seconds)],
    ["swapping/log.csv", logCsv(swapping)],
    ["swapping/requests.csv", requestsCsv(record, swapping)],
  ]);
}

const MODEL_COLUMNS = [
  "application_id",
  "model",
  "requests",
  "hits",
  "cold_start_ratio",
  "loads",
  "mean_load_seconds",
  "loaded_gigabytes",
  "resident_seconds",
  "evictions",
  "wasted_prefetches",
  "preemptions",
  "redone_tokens",
];

function modelsCsv({ models }: SwapRecord): TextPieces {
  return csvPieces(MODEL_COLUMNS, models.length, (index) => {
    const model = models[index];
    const cells = [
      model.requests,
      model.hits,
      1 - model.hits / model.requests,
      model.loads,
      model.loadingSeconds / model.loads,
      model.loadedBytes / GIGABYTE,
      model.residentSeconds,
      model.evictions,
      model.wastedPrefetches,
      model.preemptions,
      model.redoneTokens,
    ];
    return `${model.applicationId},${textCell(model.name)},${cells.map(numberCell).join(",")}`;
  });
}

const GROUP_COLUMNS = [
  "group",
  "server",
  "processor_name",
  "processors",
  "memory_bytes",
  "busy",
  "loading",
  "memory_share",
];

function groupsCsv({ groups }: SwapRecord, seconds: number): TextPieces {
  return csvPieces(GROUP_COLUMNS, groups.length, (index) => {
    const group = groups[index];
    const { server, processorName, processors, memoryBytes } = group;
    const shares = [group.busySeconds, group.loadingSeconds, group.committedByteSeconds / memoryBytes];
    return `${group.index},${server},${textCell(processorName)},${processors},${memoryBytes},${shares
      .map((value) => numberCell(value / seconds))
      .join(",")}`;
  });
}

const LINK_COLUMNS = ["link", "bytes_per_second", "busy", "moved_gigabytes", "utilisation"];

function linksCsv({ links }: SwapRecord, seconds: number): TextPieces {
  return csvPieces(LINK_COLUMNS, links.length, (index) => {
    const { name, bytesPerSecond, busySeconds, movedBytes } = links[index];
    const cells = [bytesPerSecond, busySeconds / seconds, movedBytes / GIGABYTE, movedBytes / bytesPerSecond / seconds];
    return `${textCell(name)},${cells.map(numberCell).join(",")}`;
  });
}

const LOG_COLUMNS = ["seconds", "event", "model", "group", "tier", "prefetch"];

function logCsv({ log, models }: SwapRecord): TextPieces {
  return csvPieces(LOG_COLUMNS, log.length, (index) => {
    const { seconds, event, model, group, tier = "", isPrefetch } = log[index];
    return `${seconds},${event},${textCell(models[model].name)},${group},${tier},${isPrefetch ?? ""}`;
  });
}

const REQUEST_COLUMNS = ["request_id", "application_id", "group", "swap_wait_seconds"];

/** Completed requests in order of completion. */
function requestsCsv({ trace, outcomes, completionOrder }: RunRecord, swapping: SwapRecord): TextPieces {
  return csvPieces(REQUEST_COLUMNS, completionOrder.length, (index) => {
    const row = completionOrder[index];
    const group = swapping.groupOfInstance[outcomes.prefillInstance[row]];
    return `${trace.requestId[row]},${trace.applicationId[row]},${group},${numberCell(swapping.swapWaitSeconds[row])}`;
  });
}
