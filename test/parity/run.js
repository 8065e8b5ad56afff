// Parity with recorded runs of SplitwiseSim: `npm run parity [-- FOLDER...]`. Runs each golden through the command line with
// compat=splitwise and compares every value without tolerance (geometric means: 1e-12 relative). A folder is a golden, or
// holds goldens. Without arguments: those of ../shared if it is there, and those of test/golden/splitwise.
// With --drop-in SplitwiseSim's own configuration is composed instead of ours: that of ../shared, which is needed.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { differences } from "./compare.js";
import { runGolden } from "./golden.js";

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const shared = join(dirname(project), "shared");
const traceDirs = [join(shared, "data/traces/splitwise"), join(project, "traces"), join(project, "test/golden/traces")];

function goldensIn(folder) {
  if (existsSync(join(folder, "overrides.json"))) return [folder];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory() && existsSync(join(path, "overrides.json")))
    .sort();
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { "drop-in": { type: "boolean" } } });
const configPath = values["drop-in"] ? join(shared, "data/splitwise/configs") : undefined;
const given = positionals.map((path) => resolve(path));
const defaults = [join(shared, "goldens/splitwise"), join(project, "test/golden/splitwise")].filter(existsSync);
if (given.length === 0 && !existsSync(shared))
  console.log("../shared is absent: only the goldens of test/golden/splitwise");
const goldens = (given.length > 0 ? given : defaults).flatMap(goldensIn);
const scratch = mkdtempSync(join(tmpdir(), "servesweep-parity-"));
const limit = pLimit(2);
let passed = 0;
let failed = 0;
try {
  await Promise.all(
    goldens.map((golden, index) =>
      limit(async () => {
        const name = basename(golden);
        const outputDir = join(scratch, String(index));
        const run = await runGolden(golden, { project, traceDirs, outputDir, configPath });
        const found = await differences(golden, run, outputDir);
        if (found.length === 0) passed++;
        else {
          failed++;
          console.log([`FAILED ${name}`, ...found.slice(0, 20).map((line) => `  ${line}`)].join("\n"));
          if (found.length > 20) console.log(`  ... and ${found.length - 20} more differences`);
        }
      }),
    ),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || goldens.length === 0 ? 1 : 0;
