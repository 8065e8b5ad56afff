/** How the table of an application's completed requests is kept as a file of a run, and read back. */
import type { FileContent } from "../file-content.ts";
import type { RequestColumn, RequestTable } from "../request-table.ts";

export interface RequestFile {
  /** The columns of `REQUEST_COLUMNS`, in order of completion. Equal tables give equal bytes. */
  content(table: RequestTable): FileContent;
  /**
   * The named columns of the file at `path`; undefined if it lacks one of them. Rejects with a `FILE` error if the file cannot be
   * read, or is not of this format.
   */
  readColumns(path: string, names: readonly RequestColumn[]): Promise<Float64Array[] | undefined>;
}
