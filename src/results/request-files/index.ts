/** The formats of request tables (`results.format`), and the names of their files. */
import { csvRequestFile } from "./csv-request-file.ts";
import type { RequestFile } from "./request-file.ts";

export const REQUEST_FILE_FORMATS = ["csv", "parquet"] as const;
export type RequestFileFormat = (typeof REQUEST_FILE_FORMATS)[number];

/** What a format needs is loaded when it is chosen. */
export async function requestFileOf(format: RequestFileFormat): Promise<RequestFile> {
  if (format === "csv") return csvRequestFile;
  return (await import("./parquet-request-file.ts")).parquetRequestFile;
}

/** Relative to the run's directory. */
export function requestFileName(applicationId: number, format: RequestFileFormat): string {
  return `detailed/${applicationId}.${format}`;
}

export interface RequestFileName {
  readonly applicationId: number;
  readonly format: RequestFileFormat;
}

/** What the name of a file in a run's directory says; undefined if it is no table of requests. */
export function parseRequestFileName(name: string): RequestFileName | undefined {
  const match = /^detailed\/(\d+)\.(csv|parquet)$/.exec(name);
  return match === null ? undefined : { applicationId: Number(match[1]), format: match[2] as RequestFileFormat };
}
