/** Files that performance models read. */
import type { PerformanceModelParameters } from "../sim/performance/performance.schema.ts";

interface NamedFile {
  readonly path: string;
  /** Of the parameter that names it. */
  readonly key: string;
}

export function performanceFiles(parameters: PerformanceModelParameters): NamedFile[] {
  return "db_path" in parameters ? [{ path: parameters.db_path, key: "db_path" }] : [];
}
