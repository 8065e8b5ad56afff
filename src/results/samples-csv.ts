/** `samples.csv`: what every instance holds at equal intervals of simulated time. */

import type { InstanceRecord, SampleColumns } from "../sim/recorder.ts";
import { csvPieces, textCell } from "./csv.ts";
import type { TextPieces } from "./file-content.ts";
import { instanceWatts, type PowerConstants } from "./instance-power.ts";

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
  "power_watts",
];

/** Ordered by time, then by instance. Power is empty without a model of it. */
export function samplesCsv(
  samples: SampleColumns,
  instances: readonly InstanceRecord[],
  powerModel: PowerConstants | undefined,
): TextPieces {
  const labels = instances.map(
    ({ applicationId, id, tag }) => `${applicationId},${id},${tag === null ? "" : textCell(tag)}`,
  );
  return csvPieces(COLUMNS, samples.rows, (row) => {
    const instance = row % instances.length;
    const seconds = Math.floor(row / instances.length) * samples.intervalSeconds;
    const batchTokens = samples.batchTokens[row];
    const state = { running: samples.running[row], batchTokens };
    const watts = powerModel && instanceWatts(powerModel, instances[instance], state);
    const bytes = samples.memoryBytes[row];
    return (
      `${seconds},${labels[instance]},${samples.running[row]},${samples.waiting[row]},${samples.requests[row]},` +
      `${batchTokens < 0 ? "" : batchTokens},${bytes},${bytes / instances[instance].memoryBytes},${watts ?? ""}`
    );
  });
}
