/** `swapping/group_samples.csv` and `link_samples.csv`: processors and links at equal intervals of simulated time. */
import type { SwapRecord, SwapSampleColumns } from "../sim/recorder.ts";
import { csvPieces, numberCell, textCell } from "./csv.ts";
import type { TextPieces } from "./file-content.ts";

const GROUP_COLUMNS = [
  "seconds",
  "group",
  "committed_bytes",
  "memory_share",
  "ready_models",
  "loading_models",
  "requests",
  "waiting",
];

/** Ordered by time, then by group. */
export function groupSamplesCsv({ groups }: SwapRecord, samples: SwapSampleColumns): TextPieces {
  const { committedBytes, readyModels, loadingModels, requests, waiting } = samples;
  return csvPieces(GROUP_COLUMNS, committedBytes.length, (row) => {
    const { index, memoryBytes } = groups[row % groups.length];
    const seconds = Math.floor(row / groups.length) * samples.intervalSeconds;
    const bytes = committedBytes[row];
    return (
      `${seconds},${index},${bytes},${bytes / memoryBytes},${readyModels[row]},${loadingModels[row]},` +
      `${requests[row]},${waiting[row]}`
    );
  });
}

const LINK_COLUMNS = ["seconds", "link", "busy", "moved_bytes"];

/** Ordered by time, then by link. */
export function linkSamplesCsv({ links }: SwapRecord, samples: SwapSampleColumns): TextPieces {
  const names = links.map(({ name }) => textCell(name));
  return csvPieces(LINK_COLUMNS, samples.movedBytes.length, (row) => {
    const seconds = Math.floor(row / links.length) * samples.intervalSeconds;
    const cells = [samples.busyShares[row], samples.movedBytes[row]];
    return `${seconds},${names[row % links.length]},${cells.map(numberCell).join(",")}`;
  });
}
