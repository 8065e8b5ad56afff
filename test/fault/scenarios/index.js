// Sweeps that are killed again and again. `overrides`: the sweep, less its directory. `options`: further options of every session.
// `disturb(scenario, { kills, random })`, if given, does it in its own way, and resolves to what `killTheCommand` resolves to.
import { isRedisInstalled } from "../../servers/redis.js";
import { killTheWorkers } from "../kill-the-workers.js";

const queued = {
  "long runs over a queue": { overrides: ["seed=range(0,24)", "trace.requests=20000"], disturb: killTheWorkers },
};
if (!isRedisInstalled) console.log(`SKIPPED ${Object.keys(queued)}: redis-server is not installed`);

export const scenarios = {
  "long runs, a directory each": {
    overrides: ["seed=range(0,16)", "trace.requests=4000"],
  },
  "short runs, a directory each": {
    overrides: ["seed=range(0,200)", "trace.requests=20", "results.outputs=[summary,detailed]"],
  },
  "short runs, packed": {
    overrides: ["seed=range(0,3000)", "trace.requests=20"],
  },
  "short runs, packed, inline": {
    overrides: [
      "seed=range(0,800)",
      "trace.requests=20",
      "results.outputs=[]",
      "results.packing=70",
      "hydra/launcher=inline",
    ],
  },
  "long runs, packed": {
    overrides: ["seed=range(0,24)", "trace.requests=20000", "results.outputs=[]", "results.packing=7"],
    options: ["--workers=2"],
  },
  ...(isRedisInstalled ? queued : {}),
};
