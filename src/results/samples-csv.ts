/** `samples.csv`: what every instance holds at equal intervals of simulated time. */
import type { InstanceRecord, SampleColumns } from "../sim/recorder.ts";
import { csvPieces, textCell } from "./csv.ts";
import type { TextPieces } from "./file-content.ts";

const COLUMNS = [
  "seconds",
  "application_id",
  "instance",
  "tag",
  "running",
  "waiting",
  "requests",
  "batch_tokens",
  "memory_bytes",
  "memory_share",
];

/** Ordered by time, then by instance. */
export function samplesCsv(samples: SampleColumns, instances: readonly InstanceRecord[]): TextPieces {
  const labels = instances.map(
    ({ applicationId, id, tag }) => `${applicationId},${id},${tag === null ? "" : textCell(tag)}`,
  );
  return csvPieces(COLUMNS, samples.rows, (row) => {
    const instance = row % instances.length;
    const seconds = Math.floor(row / instances.length) * samples.intervalSeconds;
    const batchTokens = samples.batchTokens[row] < 0 ? "" : samples.batchTokens[row];
    const bytes = samples.memoryBytes[row];
    return (
      `${seconds},${labels[instance]},${samples.running[row]},${samples.waiting[row]},${samples.requests[row]},` +
      `${batchTokens},${bytes},${bytes / instances[instance].memoryBytes}`
    );
  });
}
