/** Input files in Redis, by the SHA-256 of their bytes: each is sent once, whatever the number of runs and sweeps that read it. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { SweepError } from "../../../errors.ts";
import { fileError, temporaryPath } from "../../../results/durable-files.ts";
import { compressed, decompressed, getPieces, putPieces } from "./blobs.ts";
import { inputKey } from "./job.ts";

/** Counted anew whenever a job that reads the file is queued. */
const INPUT_EXPIRY_SECONDS = 7 * 24 * 3600;

/** Makes sure that the server has the file. Errors: SweepError `FILE` if it has changed since the run was planned. */
export async function uploadInput(redis: Redis, absolutePath: string, sha256: string): Promise<void> {
  const isThere = await redis.expire(inputKey(sha256), INPUT_EXPIRY_SECONDS);
  if (isThere === 1) return;
  let bytes: Buffer;
  try {
    bytes = readFileSync(absolutePath);
  } catch (error) {
    throw fileError("cannot read an input file of a run", error);
  }
  if (sha256Of(bytes) !== sha256) {
    throw new SweepError("FILE", `'${absolutePath}' has changed since the run was planned.`, {
      hint: "Restore the file, or start the run anew.",
    });
  }
  await putPieces(redis, inputKey(sha256), compressed([bytes]), INPUT_EXPIRY_SECONDS);
}

const SHA256 = /^[0-9a-f]{64}$/;

/** Where a worker keeps the inputs of runs: files that are named by the SHA-256 of their bytes, and no others. */
export class InputCache {
  readonly #directory: string;
  readonly #arriving = new Map<string, Promise<void>>();

  /** Errors: SweepError `FILE` if there cannot be such a folder. */
  constructor(directory: string) {
    this.#directory = directory;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw fileError(`cannot make the folder for input files '${directory}'`, error);
    }
  }

  /** Errors: SweepError `SERVER` for what is no SHA-256, so that no job can name another file. */
  pathOf(sha256: string): string {
    if (SHA256.test(sha256)) return join(this.#directory, sha256);
    throw new SweepError("SERVER", "The queue holds a job whose input file has no SHA-256.");
  }

  /** Resolves once the file is there. Rejects with `MissingInputError` if the server does not have it. */
  async fetch(redis: Redis, sha256: string): Promise<void> {
    const path = this.pathOf(sha256);
    if (existsSync(path)) return;
    const arriving = this.#arriving.get(sha256) ?? this.#fetchInto(redis, sha256, path);
    this.#arriving.set(sha256, arriving);
    try {
      await arriving;
    } finally {
      this.#arriving.delete(sha256);
    }
  }

  async #fetchInto(redis: Redis, sha256: string, path: string): Promise<void> {
    const pieces = await getPieces(redis, inputKey(sha256));
    if (pieces === undefined) throw new MissingInputError(sha256);
    const bytes = Buffer.concat(pieces.map(decompressed));
    if (sha256Of(bytes) !== sha256) {
      await redis.del(inputKey(sha256));
      throw new MissingInputError(sha256);
    }
    const temporary = temporaryPath(this.#directory);
    try {
      writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600 });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw fileError("cannot keep an input file of a run", error);
    }
  }
}

/** The server has lost the file; its submitter sends it again. */
export class MissingInputError extends Error {
  constructor(sha256: string) {
    super(`${MISSING_INPUT} ${sha256}`);
  }
}

/** How the reason of a failed job begins that waits for an input file. */
export const MISSING_INPUT = "missing input";

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
