/** Reads a table of measured iteration times: CSV, a row per point, rows of a kind in ascending batch tokens; or SplitwiseSim's. */
import { parse } from "csv-parse/sync";
import { ConfigError } from "../errors.ts";
import type { KindCurves } from "../sim/performance/database.ts";
import { MEASUREMENT_COLUMNS, type MeasurementRow, reduceMeasurements } from "./performance-measurements.ts";

const COLUMNS = ["model", "hardware", "tensor_parallel", "batch_tokens", "prefill_seconds", "decode_seconds"] as const;

type Row = Record<(typeof COLUMNS)[number], string>;

interface Curves extends KindCurves {
  readonly batchTokens: number[];
  readonly prefillSeconds: number[];
  readonly decodeSeconds: number[];
}

/** Errors: ConfigError `performance_table` with the line. */
export function readPerformanceTable(text: string, file: string): KindCurves[] {
  const rows = parseRows(text, file);
  const kinds = new Map<string, Curves>();
  rows.forEach((row, index) => {
    const line = index + 2;
    const number = (column: keyof Row) => {
      const value = Number(row[column]);
      if (row[column].trim() !== "" && Number.isFinite(value)) return value;
      throw tableError(file, line, `'${row[column]}' is not a number (column ${column})`);
    };
    const identity = JSON.stringify([row.model, row.hardware, number("tensor_parallel")]);
    const curves = kinds.get(identity) ?? {
      modelArchitecture: row.model,
      processorName: row.hardware,
      tensorParallelism: number("tensor_parallel"),
      batchTokens: [],
      prefillSeconds: [],
      decodeSeconds: [],
    };
    kinds.set(identity, curves);
    const batchTokens = number("batch_tokens");
    if (batchTokens <= (curves.batchTokens.at(-1) ?? Number.NEGATIVE_INFINITY)) {
      throw tableError(file, line, "batch_tokens must ascend within a kind of instance");
    }
    curves.batchTokens.push(batchTokens);
    curves.prefillSeconds.push(number("prefill_seconds"));
    curves.decodeSeconds.push(number("decode_seconds"));
  });
  for (const curves of kinds.values()) {
    if (curves.batchTokens.length < 2) {
      throw tableError(
        file,
        rows.length + 1,
        `${curves.modelArchitecture} on ${curves.processorName} has only one point`,
      );
    }
  }
  return [...kinds.values()];
}

function parseRows(text: string, file: string): Row[] {
  let rows: Row[];
  try {
    rows = parse(text, { columns: true, bom: true, skip_empty_lines: true });
  } catch (error) {
    throw new ConfigError("performance_table", `${file}: ${(error as Error).message}`, { cause: error });
  }
  if (rows.length > 0 && MEASUREMENT_COLUMNS.every((column) => Object.hasOwn(rows[0], column))) {
    return reduceMeasurements(rows as unknown as MeasurementRow[]);
  }
  const missing = COLUMNS.filter((column) => rows.length === 0 || rows[0][column] === undefined);
  if (missing.length > 0)
    throw tableError(file, 1, `the column ${missing[0]} is missing (expected ${COLUMNS.join(",")})`);
  return rows;
}

function tableError(file: string, line: number, found: string): ConfigError {
  return new ConfigError("performance_table", `The performance table is malformed: ${found}.`, {
    position: { file, line },
  });
}
