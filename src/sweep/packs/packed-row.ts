/** A run without files of its own, as a line of a shared file: eight hexadecimal digits of CRC-32, a blank, and JSON. */
import { crc32 } from "node:zlib";
import { isNotes, isRunMetrics } from "../../results/shard-marker.ts";
import type { CompleteRun } from "../complete-run.ts";

export interface PackedRow extends CompleteRun {
  /** Job number. */
  readonly number: number;
}

export function formatRow({ number, runId, metrics, notes }: PackedRow): string {
  const json = JSON.stringify({ number, runId, metrics, notes });
  return `${checksum(json)} ${json}\n`;
}

/** The row of a line without its line feed; undefined unless it is what `formatRow` wrote. */
export function parseRow(line: string): PackedRow | undefined {
  const json = line.slice(9);
  if (line[8] !== " " || line.slice(0, 8) !== checksum(json)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { number, runId, metrics, notes } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(number) || typeof runId !== "string" || !isRunMetrics(metrics) || !isNotes(notes)) {
    return undefined;
  }
  return { number: number as number, runId, metrics, notes };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
