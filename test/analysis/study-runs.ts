import type { StudyRun } from "../../src/analysis/study-run.ts";

/** A run within its SLOs, unless said otherwise; its cost and power are in proportion to its servers. */
export function studyRunLike(changes: Partial<StudyRun>): StudyRun {
  const servers = changes.servers ?? 40;
  return {
    system: "Splitwise-HH",
    family: "rr_conv",
    rate: 70,
    promptServers: null,
    tokenServers: null,
    servers,
    cost: 4.76 * servers,
    power: 44 * servers,
    withinSlo: true,
    throughput: null,
    slowdowns: {},
    instanceLogs: [],
    ...changes,
  };
}
