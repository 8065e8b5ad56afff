/**
 * Runs the studies of experiments/splitwise and prints the tables of that folder's README:
 *   node scripts/reproduce-splitwise.js [--quick] [--workers N] [--dir DIR] [--write] [GROUP...]
 * What is complete in DIR does not run again. --quick runs the small versions; --write puts the tables into the README.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { claimRows, PLOT_TITLES, plotRows } from "./splitwise-claims.js";

const SWEEP = join(import.meta.dirname, "../bin/sweep.js");
const README = join(import.meta.dirname, "../experiments/splitwise/README.md");

const SYSTEMS = ["baseline_a100", "baseline_h100", "aa", "hh", "ha", "hhcap"];

/**
 * Studies of a group are analysed together. A study is a name, with overrides if it differs from the one of that name.
 * DGX-A100 alone keep the objectives for code only below the rates of the studies, and the paper's plots begin there.
 */
const LOW_RATES = "rate=20,30,40";
const GROUPS = {
  isopower: [
    ...SYSTEMS.map((system) => [`${system}_isopower`]),
    ["ha_isopower", "family=rr_code"],
    ["baseline_a100_isopower", LOW_RATES],
  ],
  isocost: [...SYSTEMS.map((system) => [`${system}_isocost`]), ["baseline_a100_isocost", LOW_RATES]],
  costopt: SYSTEMS.map((system) => [`${system}_costopt`]),
  throughput: [["throughput"]],
  throughput_isocost: [["throughput_isocost"]],
  throughput_isopower: [["throughput_isopower"]],
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    workers: { type: "string" },
    dir: { type: "string" },
  },
});
const dir = options.dir ?? (options.quick ? "results/splitwise-quick" : "results/splitwise");
const chosen = Object.keys(GROUPS).filter((group) => positionals.length === 0 || positionals.includes(group));
if (positionals.some((group) => !(group in GROUPS))) fail(`Groups: ${Object.keys(GROUPS).join(", ")}`);

const sections = new Map();
const analyses = {};
for (const group of chosen) {
  const folders = GROUPS[group].map(([name, ...overrides]) => runStudy(name, overrides));
  sections.set(group, ["```", sweep(["analyse", "splitwise", ...folders]).trimEnd(), "```"]);
  analyses[group] = JSON.parse(sweep(["analyse", "splitwise", "--json", ...folders]));
}
if (["isopower", "isocost", "costopt"].every((group) => chosen.includes(group))) {
  sections.set("claims", markdownTable(["claim", "published", "source", "here"], claimRows(analyses)));
  sections.set("plots", markdownTable(PLOT_TITLES, plotRows(analyses)));
}
for (const [name, lines] of sections) process.stdout.write(`${name}\n${lines.join("\n")}\n\n`);
if (options.write) writeReadme();

/** The folder of the sweep, complete. */
function runStudy(name, overrides) {
  const folder = join(dir, [name, ...overrides.map((text) => text.replace(/.*=/, "").replaceAll(",", "-"))].join("_"));
  const study = `splitwise/${options.quick ? "quick/" : ""}${name}`;
  const common = ["--quiet", ...(options.workers === undefined ? [] : ["--workers", options.workers])];
  const isPlanned = existsSync(join(folder, "plan.jsonl"));
  process.stderr.write(`${isPlanned ? "resuming" : "running"} ${study} ${overrides.join(" ")}\n`);
  if (isPlanned) sweep(["--resume", folder, ...common]);
  else sweep(["-m", `+experiment=${study}`, ...overrides, `hydra.sweep.dir=${folder}`, ...common]);
  return folder;
}

function sweep(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SWEEP, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) fail(`sweep ${args.join(" ")} ended with status ${status}\n${stderr}`);
  return stdout;
}

function markdownTable(titles, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)];
}

/** Replaces what stands between `<!-- NAME -->` and `<!-- end -->`. */
function writeReadme() {
  let text = readFileSync(README, "utf8");
  for (const [name, lines] of sections) {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
    if (!place.test(text)) fail(`${README} has no place for ${name}`);
    text = text.replace(place, (_, start, end) => `${start}${lines.join("\n")}\n${end}`);
  }
  writeFileSync(README, text);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
