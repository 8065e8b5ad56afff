/**
 * Compares the composition engine with recorded answers of Hydra.
 *
 *     npm run conformance -- [FILE...]
 *
 * Prints each failing case and a closing line; exit status 1 if any case failed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { DEVIATIONS } from "./deviations.js";
import { runCase } from "./run-case.js";

const here = path.dirname(fileURLToPath(import.meta.url));
const shared = path.resolve(here, "../../../shared");

function defaultFiles() {
  const folder = path.join(shared, "conformance/hydra");
  const [from, suffix] = existsSync(folder) ? [folder, ".jsonl"] : [path.join(here, "cases"), ".jsonl.gz"];
  return readdirSync(from)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => path.join(from, name));
}

function readLines(file) {
  const bytes = readFileSync(file);
  const text = file.endsWith(".gz") ? gunzipSync(bytes).toString("utf8") : bytes.toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function main(files) {
  const places = { splitwise: path.join(shared, "data/splitwise") };
  const count = { passed: 0, failed: 0, skipped: 0, deviating: 0 };
  for (const file of files) {
    for (const line of readLines(file)) {
      if (line.config_dir !== undefined && !existsSync(path.join(places.splitwise, line.config_dir))) {
        count.skipped++;
        continue;
      }
      const reason = runCase(line, places);
      if (reason === undefined) count.passed++;
      else if (DEVIATIONS.has(line.id)) count.deviating++;
      else {
        count.failed++;
        console.log(`${line.id}: ${reason}`);
      }
    }
  }
  if (count.deviating > 0) console.log(`${count.deviating} known deviations (test/conformance/deviations.js)`);
  if (count.skipped > 0) console.log(`${count.skipped} skipped: their configuration files are not here`);
  console.log(`${count.passed + count.deviating} passed, ${count.failed} failed`);
  return count.failed === 0 ? 0 : 1;
}

const files = process.argv.slice(2);
process.exitCode = main(files.length > 0 ? files : defaultFiles());
