// Parity with recorded results of the original simulators: `npm run parity [-- PATH...]`. A path is a golden (a folder, or a
// JSON file), or a folder that holds goldens. Values are compared without tolerance unless the golden states one.
// Without arguments: all goldens of ../shared if it is there, and those of test/golden.
// With --drop-in SplitwiseSim's own configuration is composed instead of ours: that of ../shared, which is needed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { kinds } from "./kinds/index.js";

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const shared = join(dirname(project), "shared");
const traceDirs = [
  join(shared, "data/traces/splitwise"),
  join(shared, "data/traces"),
  join(project, "traces"),
  join(project, "test/golden/traces"),
];

/** The golden at a path, once for each of its kinds; none if it is none. */
function goldensAt(path) {
  const isFile = statSync(path).isFile();
  if (isFile && !path.endsWith(".json")) return [];
  const content = isFile ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  return kinds.filter((kind) => kind.matches(path, content)).map((kind) => ({ path, content, kind }));
}

function goldensIn(path) {
  const goldens = goldensAt(path);
  if (goldens.length > 0) return goldens;
  if (statSync(path).isFile()) throw new Error(`${path} is no golden of a known kind`);
  return readdirSync(path)
    .sort()
    .flatMap((name) => goldensAt(join(path, name)));
}

function foldersIn(path) {
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .map((name) => join(path, name))
    .filter((folder) => statSync(folder).isDirectory());
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { "drop-in": { type: "boolean" } } });
const configPath = values["drop-in"] ? join(shared, "data/splitwise/configs") : undefined;
if (positionals.length === 0 && !existsSync(shared))
  console.log("../shared is absent: only the goldens of test/golden");
const recorded = [join(shared, "goldens"), join(project, "test/golden")];
const paths =
  positionals.length > 0
    ? positionals.map((path) => resolve(path))
    : recorded.flatMap((folder) => [folder, ...foldersIn(folder)]).filter(existsSync);
const goldens = paths
  .flatMap(goldensIn)
  .filter(({ kind }) => configPath === undefined || kind.name === "SplitwiseSim run");
const scratch = mkdtempSync(join(tmpdir(), "servesweep-parity-"));
const limit = pLimit(2);
let passed = 0;
let failed = 0;

async function differences({ path, kind, content }, index) {
  try {
    return await kind.check(path, { project, traceDirs, outputDir: join(scratch, String(index)), configPath }, content);
  } catch (error) {
    return [error.stack];
  }
}

try {
  await Promise.all(
    goldens.map((golden, index) =>
      limit(async () => {
        const found = await differences(golden, index);
        if (found.length === 0) passed++;
        else {
          failed++;
          console.log([`FAILED ${basename(golden.path)}`, ...found.slice(0, 20).map((line) => `  ${line}`)].join("\n"));
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
