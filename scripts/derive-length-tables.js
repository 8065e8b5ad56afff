// Derives data/lengths/*.csv from the Azure LLM inference traces 2023 and prints how near the tables come to the data.
// usage: npm run build && node scripts/derive-length-tables.js FOLDER   (holds AzureLLMInferenceTrace_{code,conv}.csv)
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { quantileSorted, sampleRankCorrelation } from "simple-statistics";
import { jointEmpirical } from "../dist/sim/kernel/distributions/joint-empirical.js";
import { createRandomStream } from "../dist/sim/kernel/random.js";
import { createLengths } from "../dist/traces/lengths/create-lengths.js";
import { parseJointTable } from "../dist/traces/lengths/joint-table.js";
import { readAnyTraceFile } from "../dist/traces/read-trace-file.js";

// Chosen by measurement: means stay within 0.5 %, quantiles within 2 %, rank correlation within 0.01 of the data.
const BOUNDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];
const PROMPT_LEVELS = Array.from({ length: 9 }, (_, i) => i / 8);
const OUTPUT_LEVELS = [0, 0.02, ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20), 0.97, 0.98, 0.99, 0.995, 1];
// Of the marginals: every half per cent, and finer in the tails.
const MARGINAL_LEVELS = [
  ...[0, 0.001, 0.002],
  ...Array.from({ length: 199 }, (_, i) => (i + 1) / 200),
  ...[0.998, 0.999, 0.9995, 1],
];
const SAMPLES = 1_000_000;

const folder = process.argv[2];
if (folder === undefined) throw new Error("expected the folder of the Azure traces");
for (const name of ["code", "conv"]) {
  const trace = readAnyTraceFile(join(folder, `AzureLLMInferenceTrace_${name}.csv`)).trace;
  const table = tableOf(Array.from(trace.promptTokens), Array.from(trace.outputTokens));
  writeFileSync(new URL(`../data/lengths/azure-2023-${name}.csv`, import.meta.url), table);
  const marginals = marginalsOf(trace);
  writeFileSync(new URL(`../data/lengths/azure-2023-${name}-marginals.csv`, import.meta.url), marginals);
  printFigures(name, trace, jointSamples(table, name));
  printFigures(`${name} marginals`, trace, independentSamples(marginals, name));
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

function marginalsOf(trace) {
  const rows = Array.from(trace.promptTokens, (_, row) => row);
  const prompts = tokensAt(MARGINAL_LEVELS, rows, trace.promptTokens);
  const outputs = tokensAt(MARGINAL_LEVELS, rows, trace.outputTokens);
  const lines = MARGINAL_LEVELS.map((level, i) => [level, prompts[i], outputs[i]].join(","));
  return `${["probability,prompt,output", ...lines].join("\n")}\n`;
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

function jointSamples(table, name) {
  const draw = jointEmpirical(parseJointTable(Buffer.from(table), name));
  const random = createRandomStream(0, "derive-length-tables");
  const pairs = Array.from({ length: SAMPLES }, () => draw(random).map(Math.round));
  return [pairs.map(([prompt]) => prompt), pairs.map(([, output]) => output)];
}

function independentSamples(table, name) {
  const openFile = () => ({ path: name, bytes: Buffer.from(table) });
  return ["prompt", "output"].map((column) => {
    const draw = createLengths({ distribution: "quantiles", table: name, column }, column, 0, openFile);
    return Array.from({ length: SAMPLES }, draw);
  });
}

function printFigures(name, trace, drawn) {
  const data = [Array.from(trace.promptTokens), Array.from(trace.outputTokens)];
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
  for (const [i, variable] of ["prompt", "output"].entries()) {
    console.log(`${name} ${variable}: Kolmogorov-Smirnov distance ${distance(data[i], drawn[i]).toFixed(4)}`);
  }
  const rank = (values) => sampleRankCorrelation(values[0], values[1]).toFixed(4);
  console.log(`| ${name} | rank correlation | ${rank(data)} | ${rank(drawn)} |`);
}

/** The largest difference of the two distribution functions. */
function distance(first, second) {
  const [a, b] = [first, second].map((values) => Float64Array.from(values).sort());
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j]);
    while (a[i] === value) i++;
    while (b[j] === value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}
