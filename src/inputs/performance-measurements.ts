/**
 * SplitwiseSim's `data/perf_model.csv`: a row per measurement, times in milliseconds. Reduced as that simulator does it,
 * to its doubles: pandas parses the decimals, and each point is the median over the rows of its batch tokens.
 */
import { parseDecimal } from "../traces/csv/parse-decimal.ts";

export const MEASUREMENT_COLUMNS = [
  "model",
  "hardware",
  "tensor_parallel",
  "prompt_size",
  "batch_size",
  "prompt_time",
  "token_time",
] as const;

export type MeasurementRow = Readonly<Record<(typeof MEASUREMENT_COLUMNS)[number], string>>;

/** A point of a curve, with the columns of our own tables. */
export interface PerformancePoint {
  readonly model: string;
  readonly hardware: string;
  readonly tensor_parallel: string;
  readonly batch_tokens: string;
  readonly prefill_seconds: string;
  readonly decode_seconds: string;
}

interface Measurements {
  readonly first: MeasurementRow;
  readonly batchTokens: number;
  readonly prefillSeconds: number[];
  readonly decodeSeconds: number[];
}

/** A malformed number becomes `NaN`, for the reader of the table to refuse. Points of a kind ascend in batch tokens. */
export function reduceMeasurements(rows: readonly MeasurementRow[]): PerformancePoint[] {
  const points = new Map<string, Measurements>();
  for (const row of rows) {
    const batchTokens = Number(row.prompt_size) * Number(row.batch_size);
    const identity = JSON.stringify([row.model, row.hardware, row.tensor_parallel, batchTokens]);
    const point = points.get(identity) ?? { first: row, batchTokens, prefillSeconds: [], decodeSeconds: [] };
    points.set(identity, point);
    point.prefillSeconds.push(parseDecimal(row.prompt_time, "pandas") / 1000);
    point.decodeSeconds.push(parseDecimal(row.token_time, "pandas") / 1000);
  }
  return [...points.values()]
    .sort((a, b) => a.batchTokens - b.batchTokens)
    .map(({ first, batchTokens, prefillSeconds, decodeSeconds }) => ({
      model: first.model,
      hardware: first.hardware,
      tensor_parallel: first.tensor_parallel,
      batch_tokens: String(batchTokens),
      prefill_seconds: String(median(prefillSeconds)),
      decode_seconds: String(median(decodeSeconds)),
    }));
}

/** The mean of the middle two for an even number of values. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
