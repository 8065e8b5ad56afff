// Writes data/minutes/bursty-24.csv: requests by minute (rows) and model (columns) of models that are seldom used, in bursts.
// usage: npm run build && node scripts/generate-model-minutes.js
import { writeFileSync } from "node:fs";
import { createRandomStream } from "../dist/sim/kernel/random.js";

const MODELS = 24;
const MINUTES = 240;
// Mean minutes from one burst to the next: evenly spaced logarithms, so that each keep-alive time suits some models.
const SHORTEST_GAP = 2;
const LONGEST_GAP = 60;
const MEAN_BURST_MINUTES = 2;
const MOST_REQUESTS_PER_MINUTE = 8;

const columns = Array.from({ length: MODELS }, (_, model) => {
  const stream = createRandomStream(0, `model-minutes:${model}`);
  const meanGap = SHORTEST_GAP * (LONGEST_GAP / SHORTEST_GAP) ** (model / (MODELS - 1));
  const exponential = (mean) => -mean * Math.log(1 - stream.uniform());
  const counts = new Array(MINUTES).fill(0);
  for (let minute = exponential(meanGap); minute < MINUTES; minute += 1 + exponential(meanGap)) {
    const end = Math.min(MINUTES, minute + 1 + exponential(MEAN_BURST_MINUTES - 1));
    for (; minute < end; minute++)
      counts[Math.floor(minute)] = 1 + Math.floor(stream.uniform() * MOST_REQUESTS_PER_MINUTE);
  }
  return counts;
});

const header = ["minute", ...columns.map((_, model) => model)].join(",");
const rows = Array.from({ length: MINUTES }, (_, minute) =>
  [minute, ...columns.map((counts) => counts[minute])].join(","),
);
writeFileSync(new URL("../data/minutes/bursty-24.csv", import.meta.url), `${[header, ...rows].join("\n")}\n`);
