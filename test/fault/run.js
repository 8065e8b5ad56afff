// Faults: `npm run fault [-- --kills=N --seed=N SCENARIO...]`. Every scenario is killed again and again until its share of the
// kills is reached; its sweeps must end with the bytes of one that nobody disturbed. Ends with "N passed, N failed" (sweeps).
import { parseArgs } from "node:util";
import { createRandomStream } from "../../dist/sim/kernel/random.js";
import { killTheCommand } from "./kill-the-command.js";
import { scenarios } from "./scenarios/index.js";

const { values, positionals } = parseArgs({
  options: { kills: { type: "string", default: "200" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
const random = createRandomStream(Number(values.seed), "faults");
const kills = Math.ceil(Number(values.kills) / names.length);
const totals = { sweeps: 0, kills: 0, resumes: 0, lost: 0, redone: 0, failed: 0 };

for (const name of names) {
  const scenario = scenarios[name];
  const seen = await (scenario.disturb ?? killTheCommand)(scenario, { kills, random });
  for (const problem of seen.problems) console.log(`FAILED ${name}, ${problem}`);
  console.log(`${name}: ${describe(seen)}`);
  for (const key of Object.keys(totals)) totals[key] += seen[key] ?? 0;
  totals.failed += seen.problems.length;
}
console.log(describe(totals));
console.log(`${totals.sweeps - totals.failed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;

function describe({ kills, resumes, lost, redone }) {
  return `${kills} kills, ${resumes} resumes, ${lost} runs lost, ${redone} complete runs re-done`;
}
