// Compares two sweeps of the same jobs, byte by byte.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** These name the directory and the times of their sweep, or the order in which its runs ended. */
const OWN_TO_A_SWEEP = /(^(journal\.jsonl|plan\.jsonl|multirun\.yaml)|\/\.hydra\/hydra\.yaml|\/shard\.json)$/;

/** A sentence per file that is missing, too many, or different. */
export function differingFiles(expectedDir, foundDir) {
  const expected = filesBelow(expectedDir);
  const found = filesBelow(foundDir);
  const problems = [];
  for (const name of new Set([...expected, ...found])) {
    if (!found.has(name)) problems.push(`${name} is missing`);
    else if (!expected.has(name)) problems.push(`${name} is left over`);
    else if (OWN_TO_A_SWEEP.test(name)) continue;
    else if (!readFileSync(join(expectedDir, name)).equals(readFileSync(join(foundDir, name)))) {
      problems.push(`${name} differs`);
    }
  }
  return problems;
}

function filesBelow(directory) {
  return new Set(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(directory, join(entry.parentPath, entry.name))),
  );
}
