/** How `trace.applications` divides the series of a source of minutes. */

import { checkKeys } from "../check-keys.ts";
import type { ApplicationsParameters, GeneratedParameters } from "../trace.schema.ts";
import { type Division, each, hash, type MinuteWindow, mapped, roundRobin, together, top } from "./divide-series.ts";
import type { MinuteSource } from "./minute-source.ts";

type Assignment = ApplicationsParameters["assign"];
type Key = Exclude<keyof ApplicationsParameters, "assign">;

interface SeriesAssignment {
  readonly needs: readonly Key[];
  create(parameters: Required<ApplicationsParameters>, source: MinuteSource, window: MinuteWindow): Division;
}

const SERIES_ASSIGNMENTS: Partial<Record<Assignment, SeriesAssignment>> = {
  each: { needs: [], create: () => each() },
  top: { needs: ["count"], create: ({ count }, source, window) => top(count, source, window) },
  round_robin: { needs: ["count"], create: ({ count }) => roundRobin(count) },
  hash: { needs: ["count"], create: ({ count }) => hash(count) },
  mapping: { needs: ["mapping"], create: ({ mapping }, source) => mapped(mapping, source) },
};

/** Whether applications are known by where requests come from, and not drawn by each request. */
export function dividesSeries(applications: GeneratedParameters["applications"]): boolean {
  return applications != null && SERIES_ASSIGNMENTS[applications.assign] !== undefined;
}

/** Errors: ConfigError for keys that are missing or have no effect, or name what is not in the source. */
export function divisionOf(
  applications: GeneratedParameters["applications"],
  source: MinuteSource,
  window: MinuteWindow,
): Division {
  const assignment = applications == null ? undefined : SERIES_ASSIGNMENTS[applications.assign];
  if (applications == null || assignment === undefined) return together;
  const { assign, ...given } = applications;
  checkKeys(`The assignment ${assign}`, "trace.applications", given, assignment.needs);
  // What the assignment needs is there; the rest it does not read.
  return assignment.create(applications as Required<ApplicationsParameters>, source, window);
}
