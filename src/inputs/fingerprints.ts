/** SHA-256 of input files, each read once per process as long as it does not change. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

interface Known {
  readonly modifiedMilliseconds: number;
  readonly size: number;
  readonly sha256: string;
}

const known = new Map<string, Known>();

export function fingerprintOf(absolutePath: string): string {
  const { mtimeMs, size } = statSync(absolutePath);
  const before = known.get(absolutePath);
  if (before !== undefined && before.modifiedMilliseconds === mtimeMs && before.size === size) return before.sha256;
  const sha256 = createHash("sha256").update(readFileSync(absolutePath)).digest("hex");
  known.set(absolutePath, { modifiedMilliseconds: mtimeMs, size, sha256 });
  return sha256;
}
