/** What a plan remembers of its runs' inputs, so that a resume can say what has changed since. */
import type { PreparedRun } from "../inputs/prepare-run.ts";
import { configDifferences, identifyingConfig, valueText } from "../sweep/config-differences.ts";
import type { FileFingerprint } from "../sweep/run-id.ts";

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

/** Sentences that say how `now`, a run that is not what was planned, differs; none if the reference does not show it. */
export function differences(reference: PlanReference, now: PreparedRun, isFirst: boolean): string[] {
  const files = now.fingerprints.filter(
    ({ role, sha256 }) => !reference.files.some((file) => file.role === role && file.sha256 === sha256),
  );
  const found = files.map(({ role, path }) =>
    path === undefined ? `${role}: its files have changed` : `${role} '${path}': the file has changed`,
  );
  if (isFirst) {
    const changed = configDifferences(reference.config, identifyingConfig(now.composition.resolved()));
    found.push(...changed.map(({ path, a, b }) => `${path}: planned ${valueText(a)}, now ${valueText(b)}`));
  }
  return found;
}
