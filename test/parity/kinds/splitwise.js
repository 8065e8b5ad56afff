// Recorded runs of SplitwiseSim: run through the command line, and every value of every file compared.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { runGolden } from "./splitwise-run.js";

/** Rows of a CSV file, or of its `.gz`; undefined if there is neither. */
function readCsv(path) {
  if (existsSync(path)) return parse(readFileSync(path));
  if (existsSync(`${path}.gz`)) return parse(gunzipSync(readFileSync(`${path}.gz`)));
  return undefined;
}

function isSame(expected, found, column) {
  if (expected === found) return true;
  if (expected === "" || found === "") return false;
  const [a, b] = [Number(expected), Number(found)];
  if (Number.isNaN(a) || Number.isNaN(b)) return false;
  return a === b || (column.endsWith("_geomean") && Math.abs(a - b) <= 1e-12 * Math.abs(a));
}

function compareFile(golden, outputDir, name) {
  const expected = readCsv(join(golden, name));
  const found = readCsv(join(outputDir, name));
  if (found === undefined) return [`${name}: not written`];
  const [columns, ...rows] = expected;
  const [foundColumns, ...foundRows] = found;
  if (columns.join() !== foundColumns.join()) return [`${name}: columns ${foundColumns}, expected ${columns}`];
  const lines = rows.length === foundRows.length ? [] : [`${name}: ${foundRows.length} rows, expected ${rows.length}`];
  for (let row = 0; row < Math.min(rows.length, foundRows.length); row++) {
    columns.forEach((column, i) => {
      if (!isSame(rows[row][i], foundRows[row][i], column)) {
        lines.push(`${name}:${row + 2} ${column}: ${foundRows[row][i]}, expected ${rows[row][i]}`);
      }
    });
  }
  return lines;
}

function filesOf(golden) {
  const names = ["summary.csv", "detailed/0.csv", "detailed/0_alloc.csv", "request_nodes.csv", "simulator.csv"];
  const logs = join(golden, "instances/0");
  if (existsSync(logs)) names.push(...readdirSync(logs).map((name) => `instances/0/${name.replace(/\.gz$/, "")}`));
  return names.filter((name) => existsSync(join(golden, name)) || existsSync(join(golden, `${name}.gz`)));
}

/** A golden that ends in an error: status 2 and a message without a stack, or a finished run. */
function compareError(golden, { status, stderr }, outputDir) {
  if (/\n\s+at .+:\d+:\d+/.test(stderr)) return ["printed a stack trace"];
  if (status === 2) return stderr.trim() === "" ? ["no message"] : [];
  if (status !== 0) return [`exit status ${status}: ${stderr}`];
  // What the original does without its assertions is recorded beside it.
  const withoutAssertions = join(dirname(golden), "pyO-constant-DEFAULT-round_robin");
  return golden.endsWith("error-constant-DEFAULT-instance") && existsSync(withoutAssertions)
    ? compareFile(withoutAssertions, outputDir, "detailed/0.csv")
    : [];
}

async function check(golden, context) {
  const run = await runGolden(golden, context);
  const { outputDir } = context;
  if (existsSync(join(golden, "error.json"))) return compareError(golden, run, outputDir);
  if (run.status !== 0) return [`exit status ${run.status}: ${run.stderr.trim()}`];
  return filesOf(golden).flatMap((name) => compareFile(golden, outputDir, name));
}

/** @type {import("./index.js").Kind} */
export const splitwise = {
  name: "SplitwiseSim run",
  matches: (path) => existsSync(join(path, "overrides.json")),
  check,
};
