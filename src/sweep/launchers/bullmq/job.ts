/** What travels through the queue: jobs of a few runs each. */
import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import { gunzipSync, gzipSync } from "node:zlib";
import { SweepError } from "../../../errors.ts";

/** JSON, kept by BullMQ. */
export interface JobData {
  /** The program, its version and that of its result format: a worker takes only jobs of its own kind. */
  readonly madeBy: string;
  /** Runs, by `encodeRuns`. */
  readonly runs: string;
  /** SHA-256 of every file that the runs may read. */
  readonly inputs: readonly string[];
  readonly retries: number;
  readonly timeoutSeconds: number | null;
}

export interface PortableRun {
  readonly number: number;
  readonly runId: string;
  readonly keepsFiles: boolean;
  readonly spec: unknown;
}

/** A file that a run may read. Only its hash travels: each machine has a path of its own for it. */
interface DeclaredFile {
  readonly absolutePath: string;
  readonly sha256: string;
}

type SpecWithFiles = { readonly files?: ReadonlyMap<string, DeclaredFile> };

export function declaredFiles(spec: unknown): ReadonlyMap<string, DeclaredFile> {
  const files = (spec as SpecWithFiles | null)?.files;
  return files instanceof Map ? files : new Map();
}

/** The spec with other places for its files; `pathOf` gets their SHA-256. */
export function relocated(spec: unknown, pathOf: (sha256: string) => string): unknown {
  const files = declaredFiles(spec);
  if (files.size === 0) return spec;
  const moved = [...files].map(([path, { sha256 }]) => [path, { absolutePath: pathOf(sha256), sha256 }] as const);
  return { ...(spec as object), files: new Map(moved) };
}

/** Runs of a sweep share most of their spec, which is written once: structured cloning keeps identities. */
export function encodeRuns(runs: readonly PortableRun[]): string {
  const portable = runs.map((run) => ({ ...run, spec: relocated(run.spec, () => "") }));
  return gzipSync(serialize(portable), { level: 1 }).toString("base64");
}

const LARGEST_JOB_BYTES = 256 * 1024 * 1024;

/** Errors: SweepError `SERVER` for anything that is no list of runs. */
export function decodeRuns(text: string): PortableRun[] {
  let runs: unknown;
  try {
    runs = deserialize(gunzipSync(Buffer.from(text, "base64"), { maxOutputLength: LARGEST_JOB_BYTES }));
  } catch (error) {
    throw new SweepError(
      "SERVER",
      "The queue holds a job that cannot be read: do both machines have the same Node.js?",
      {
        cause: error,
      },
    );
  }
  const isRun = (run: Partial<PortableRun> | null) =>
    typeof run === "object" && run !== null && Number.isSafeInteger(run.number) && typeof run.runId === "string";
  if (Array.isArray(runs) && runs.every(isRun)) return runs as PortableRun[];
  throw new SweepError("SERVER", "The queue holds a job that is none of ours.");
}

/** The same job has the same id, so that one whose submitter died is found again. `sweepKey` keeps sweeps apart. */
export function jobIdOf(sweepKey: string, data: JobData): string {
  const digest = createHash("sha256").update(JSON.stringify(data)).digest("hex");
  return `${sweepKey}-${digest.slice(0, 32)}`;
}

export const DEFAULT_QUEUE = "servesweep";
const INPUT_KEY_PREFIX = "servesweep:input:";
export const RESULT_KEY_PREFIX = "servesweep:result:";

export function inputKey(sha256: string): string {
  return `${INPUT_KEY_PREFIX}${sha256}`;
}
