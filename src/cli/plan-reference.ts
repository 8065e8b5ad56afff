/** What a plan remembers of its runs' inputs, so that a resume can say what has changed since. */
import type { PreparedRun } from "../inputs/prepare-run.ts";
import { type FileFingerprint, IGNORED_KEYS } from "../sweep/run-id.ts";

export interface PlanReference {
  /** The resolved configuration of the first run, without what its id does not depend on. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The distinct files that the runs read. */
  readonly files: readonly FileFingerprint[];
}

export class ReferenceCollector {
  #config: Readonly<Record<string, unknown>> | undefined;
  readonly #files = new Map<string, FileFingerprint>();

  add({ composition, fingerprints }: PreparedRun): void {
    this.#config ??= identifyingConfig(composition.resolved());
    for (const file of fingerprints) this.#files.set(`${file.sha256} ${file.role} ${file.path}`, file);
  }

  reference(): PlanReference {
    return { config: this.#config ?? {}, files: [...this.#files.values()] };
  }
}

function identifyingConfig(resolved: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(resolved as Record<string, unknown>).filter(([key]) => !IGNORED_KEYS.has(key)),
  );
}

/** Sentences that say how `now`, a run that is not what was planned, differs; none if the reference does not show it. */
export function differences(reference: PlanReference, now: PreparedRun, isFirst: boolean): string[] {
  const files = now.fingerprints.filter(
    ({ role, sha256 }) => !reference.files.some((file) => file.role === role && file.sha256 === sha256),
  );
  const found = files.map(({ role, path }) =>
    path === undefined ? `${role}: its files have changed` : `${role} '${path}': the file has changed`,
  );
  if (isFirst) found.push(...changedKeys(reference.config, identifyingConfig(now.composition.resolved())));
  return found;
}

function changedKeys(planned: unknown, now: unknown, path = ""): string[] {
  if (isBranch(planned) && isBranch(now) && Array.isArray(planned) === Array.isArray(now)) {
    const keys = new Set([...Object.keys(planned), ...Object.keys(now)]);
    return [...keys].flatMap((key) =>
      changedKeys(own(planned, key), own(now, key), path === "" ? key : `${path}.${key}`),
    );
  }
  const [before, after] = [valueText(planned), valueText(now)];
  return before === after ? [] : [`${path}: planned ${before}, now ${after}`];
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function own(branch: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(branch, key) ? branch[key] : undefined;
}

function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}...`;
}
