/** The plan of a sweep: all its runs, fixed before the first one starts. Kept as `plan.jsonl`, a header line and a line per run. */
import { SweepError } from "../errors.ts";
import { isSafeRelativeName } from "../results/relative-name.ts";

export const PLAN_NAME = "plan.jsonl";
const PLAN_FORMAT_VERSION = 2;

export interface PlanEntry {
  /** Job number, from 0. */
  readonly number: number;
  readonly runId: string;
  /** The run's directory, relative to the sweep's, with `/` between its parts. */
  readonly subdir: string;
  readonly overrides: readonly string[];
  /** Further columns of the sweep's table. */
  readonly labels?: Labels;
}

export type Labels = Readonly<Record<string, string | number | boolean | null>>;

export interface SweepPlan {
  /** The program and version that made the plan. */
  readonly createdBy: string;
  /** `RESULT_FORMAT_VERSION` of the results. */
  readonly resultFormatVersion: number;
  /** Runs without files share files of so many rows; undefined: each run has its directory. */
  readonly rowsPerPack?: number | undefined;
  /** Keys that differ between the runs: the columns of the sweep's table. */
  readonly sweptKeys: readonly string[];
  /** Whatever the planner needs to make the runs' tasks again on resume; plain JSON, opaque here. */
  readonly context: unknown;
  /** In order of their numbers. */
  readonly entries: readonly PlanEntry[];
}

/** Files of the sweep itself, which no run may claim. */
const RESERVED_NAMES =
  /^(plan\.jsonl|journal\.jsonl|runs\.csv|multirun\.yaml|origins\.tsv|report\.html|packs|slurm-tasks|sweep\.(lock|status)\..*)$/;

export function formatPlan(plan: SweepPlan): string {
  const { createdBy, resultFormatVersion, rowsPerPack, sweptKeys, context, entries } = plan;
  const header = {
    formatVersion: PLAN_FORMAT_VERSION,
    createdBy,
    resultFormatVersion,
    ...(rowsPerPack === undefined ? {} : { rowsPerPack }),
    sweptKeys,
    total: entries.length,
    context,
  };
  const lines = entries.map(({ number, runId, subdir, overrides, labels = {} }) =>
    JSON.stringify({ number, runId, subdir, overrides, ...(Object.keys(labels).length > 0 ? { labels } : {}) }),
  );
  return `${[JSON.stringify(header), ...lines].join("\n")}\n`;
}

/** Reads what `formatPlan` wrote. `file` is for messages. Throws a `SWEEP` error if the text is anything else. */
export function parsePlan(text: string, file: string): SweepPlan {
  const lines = text.split("\n");
  const fail = (line: number, found: string): never => {
    throw new SweepError("SWEEP", `${file}:${line}: ${found}`, {
      hint: "the plan is damaged or was made by another version; start the sweep anew in another directory",
    });
  };
  const parseLine = (line: number): Record<string, unknown> => {
    try {
      const value: unknown = JSON.parse(lines[line - 1]);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    } catch {
      // Reported below, with its position.
    }
    return fail(line, "expected a JSON object");
  };
  if (lines.pop() !== "") fail(lines.length + 1, "the last line does not end");
  const { formatVersion, createdBy, resultFormatVersion, rowsPerPack, sweptKeys, total, context } = parseLine(1);
  if (formatVersion !== PLAN_FORMAT_VERSION) {
    fail(1, `plan has format version ${JSON.stringify(formatVersion)}, expected ${PLAN_FORMAT_VERSION}`);
  }
  if (
    typeof createdBy !== "string" ||
    !isStringArray(sweptKeys) ||
    !isCount(resultFormatVersion) ||
    !(rowsPerPack === undefined || isCount(rowsPerPack))
  ) {
    return fail(1, "malformed header");
  }
  if (total !== lines.length - 1)
    fail(1, `the header promises ${JSON.stringify(total)} runs, found ${lines.length - 1}`);
  const entries = lines.slice(1).map((_, index): PlanEntry => {
    const { number, runId, subdir, overrides, labels } = parseLine(index + 2);
    if (
      !Number.isSafeInteger(number) ||
      typeof runId !== "string" ||
      typeof subdir !== "string" ||
      !isStringArray(overrides) ||
      !(labels === undefined || isLabels(labels))
    ) {
      return fail(index + 2, "malformed run");
    }
    return { number: number as number, runId, subdir, overrides, ...(labels === undefined ? {} : { labels }) };
  });
  const packing = rowsPerPack === undefined ? {} : { rowsPerPack };
  const plan: SweepPlan = { createdBy, resultFormatVersion, ...packing, sweptKeys, context, entries };
  checkPlan(plan);
  return plan;
}

/** Throws a `SWEEP` error unless every run has a number and a directory of its own, below the sweep's. O(total length of the subdirs). */
export function checkPlan({ entries, sweptKeys }: SweepPlan): void {
  const ownerOfSubdir = new Map<string, PlanEntry>();
  const varied = sweptKeys.length === 0 ? "what differs between the runs" : `every swept key (${sweptKeys.join(", ")})`;
  const subdirHint = `let hydra.sweep.subdir depend on ${varied}, or leave it at its default, the job number`;
  entries.forEach((entry, index) => {
    const { number, subdir } = entry;
    if (index > 0 && number <= entries[index - 1].number) {
      throw new SweepError(
        "SWEEP",
        `run ${number} comes after run ${entries[index - 1].number} in the plan, expected ascending numbers`,
      );
    }
    if (!isSafeRelativeName(subdir) || RESERVED_NAMES.test(subdir.split("/")[0])) {
      throw new SweepError(
        "SWEEP",
        `run ${number} would write to '${subdir}', expected a directory below the sweep's own`,
        {
          hint: "hydra.sweep.subdir must be a relative path without '.' and '..' that is no file of the sweep",
        },
      );
    }
    const owner = ownerOfSubdir.get(subdir);
    if (owner !== undefined) {
      throw new SweepError("SWEEP", `runs ${owner.number} and ${number} would both write to '${subdir}'`, {
        hint: subdirHint,
      });
    }
    ownerOfSubdir.set(subdir, entry);
  });
  for (const { number, subdir } of entries) {
    for (let slash = subdir.indexOf("/"); slash >= 0; slash = subdir.indexOf("/", slash + 1)) {
      const owner = ownerOfSubdir.get(subdir.slice(0, slash));
      if (owner !== undefined) {
        throw new SweepError(
          "SWEEP",
          `run ${number} would write to '${subdir}', inside '${owner.subdir}' of run ${owner.number}`,
          {
            hint: subdirHint,
          },
        );
      }
    }
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isLabels(value: unknown): value is Labels {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (label) => label === null || ["string", "number", "boolean"].includes(typeof label),
  );
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
