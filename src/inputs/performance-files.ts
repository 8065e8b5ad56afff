/** Files that performance models read. */
import type { PerformanceModelParameters } from "../sim/performance/performance.schema.ts";

interface PerformanceFile {
  readonly path: string;
  /** In the identity of a run. */
  readonly role: string;
  /** Of the parameter that names it. */
  readonly key: string;
}

export function performanceFiles(parameters: PerformanceModelParameters): PerformanceFile[] {
  if ("db_path" in parameters) return [{ path: parameters.db_path, role: "performance", key: "db_path" }];
  if ("path" in parameters) return [{ path: parameters.path, role: "profile", key: "path" }];
  return [];
}
