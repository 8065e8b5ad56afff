// Benchmarks: `npm run bench [-- CASE...]` prints one JSON line per case, each measured in a process of its own. Times are CPU seconds of this process (or the wall
// seconds that the case measured itself), the median of the warm repetitions. `ratio` is the case's time over that of the reference loop: as many events pushed into and popped
// from the event queue, and nothing else, in the same process.
import { execFileSync } from "node:child_process";
import { cases } from "./cases/index.js";
import { cpuSeconds, median, referenceSeconds } from "./measure.js";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in cases));
if (unknown.length > 0) {
  console.error(`unknown case ${unknown.join(", ")}; known: ${Object.keys(cases).join(", ")}`);
  process.exit(2);
}

const wanted = Object.keys(cases).filter((name) => names.length === 0 || names.includes(name));
if (wanted.length === 1) await measure(wanted[0], cases[wanted[0]]);
else for (const name of wanted) execFileSync(process.execPath, [process.argv[1], name], { stdio: "inherit" });

async function measure(name, benchmark) {
  const { run, warmUps, repetitions } = await benchmark();
  let work = {};
  for (let i = 0; i < warmUps; i++) work = await run();
  const times = [];
  const references = [];
  for (let i = 0; i < repetitions; i++) {
    references.push(referenceSeconds(work.events ?? 0));
    const [seconds, done] = await cpuSeconds(run);
    const { wallSeconds = seconds, ...counts } = done;
    times.push(wallSeconds);
    work = counts;
  }
  const seconds = median(times);
  const rates = Object.fromEntries(
    ["requests", "events", "jobs"]
      .filter((unit) => unit in work)
      .map((unit) => [`${unit}PerSecond`, Math.round(work[unit] / seconds)]),
  );
  const reference = work.events === undefined ? 0 : median(references);
  console.log(
    JSON.stringify({
      name,
      ...work,
      seconds: Number(seconds.toPrecision(4)),
      bestSeconds: Number(Math.min(...times).toPrecision(4)),
      ...rates,
      ...(reference > 0 ? { ratio: Number((seconds / reference).toPrecision(3)) } : {}),
      maxRssBytes: process.resourceUsage().maxRSS * 1024,
    }),
  );
}
