// Derives data/lengths/*.csv from the Azure LLM inference traces 2023 and prints how near the tables come to the data.
// usage: npm run build && node scripts/derive-length-tables.js FOLDER   (holds AzureLLMInferenceTrace_{code,conv}.csv)
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { quantileSorted, sampleRankCorrelation } from "simple-statistics";
import { jointEmpirical } from "../dist/sim/kernel/distributions/joint-empirical.js";
import { createRandomStream } from "../dist/sim/kernel/random.js";
import { parseJointTable } from "../dist/traces/lengths/joint-table.js";
import { readTraceFile } from "../dist/traces/read-trace-file.js";

// Chosen by measurement: means stay within 0.5 %, quantiles within 2 %, rank correlation within 0.01 of the data.
const BOUNDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];
const PROMPT_LEVELS = Array.from({ length: 9 }, (_, i) => i / 8);
const OUTPUT_LEVELS = [0, 0.02, ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20), 0.97, 0.98, 0.99, 0.995, 1];
const SAMPLES = 1_000_000;

const folder = process.argv[2];
if (folder === undefined) throw new Error("expected the folder of the Azure traces");
for (const name of ["code", "conv"]) {
  const trace = readTraceFile(join(folder, `AzureLLMInferenceTrace_${name}.csv`), "azure");
  const table = tableOf(Array.from(trace.promptTokens), Array.from(trace.outputTokens));
  writeFileSync(new URL(`../data/lengths/azure-2023-${name}.csv`, import.meta.url), table);
  printFigures(name, trace, table);
}

function tableOf(prompts, outputs) {
  const rows = prompts.map((_, row) => row).sort((a, b) => prompts[a] - prompts[b] || a - b);
  const header = [
    "probability",
    ...PROMPT_LEVELS.map((l) => `prompt@${l}`),
    ...OUTPUT_LEVELS.map((l) => `output@${l}`),
  ];
  const lines = BOUNDS.map((bound, i) => {
    const bin = rows.slice(Math.round((BOUNDS[i - 1] ?? 0) * rows.length), Math.round(bound * rows.length));
    return [bound, ...tokensAt(PROMPT_LEVELS, bin, prompts), ...tokensAt(OUTPUT_LEVELS, bin, outputs)].join(",");
  });
  return `${[header.join(","), ...lines].join("\n")}\n`;
}

function tokensAt(levels, rows, tokens) {
  const sorted = rows.map((row) => tokens[row]).sort((a, b) => a - b);
  return levels.map((level) => Math.round(linearQuantile(sorted, level)));
}

/** Linear between order statistics (type 7), as NumPy does by default. */
function linearQuantile(sorted, level) {
  const at = level * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

function printFigures(name, trace, table) {
  const draw = jointEmpirical(parseJointTable(Buffer.from(table), name));
  const random = createRandomStream(0, "derive-length-tables");
  const pairs = Array.from({ length: SAMPLES }, () => draw(random).map(Math.round));
  const data = [Array.from(trace.promptTokens), Array.from(trace.outputTokens)];
  const drawn = [pairs.map(([prompt]) => prompt), pairs.map(([, output]) => output)];
  for (const [i, variable] of ["prompt", "output"].entries()) {
    const figures = (values) => {
      const sorted = Float64Array.from(values).sort();
      const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
      return [mean, ...[0.5, 0.9, 0.99].map((level) => quantileSorted(sorted, level)), sorted[sorted.length - 1]];
    };
    const cells = (values) => figures(values).map((value) => value.toFixed(1));
    console.log(`| ${name} | ${variable} | data | ${cells(data[i]).join(" | ")} |`);
    console.log(`| | | table | ${cells(drawn[i]).join(" | ")} |`);
  }
  const rank = (values) => sampleRankCorrelation(values[0], values[1]).toFixed(4);
  console.log(`| ${name} | rank correlation | ${rank(data)} | ${rank(drawn)} |`);
}
