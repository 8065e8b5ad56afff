// What a sample of every instance each simulated second costs: the run of splitwise-mixed_pool without and with it, in turns, and the median share of CPU time that it adds.
import { cpuSeconds, median } from "../measure.js";
import { prepare } from "./prepare.js";

const PAIRS = 21;
const INTERVAL_SECONDS = 1;

export async function samples() {
  const { simulate } = await import("../../dist/sim/simulation.js");
  const inputs = await prepare([
    "cluster=dgx-h100",
    "applications=solo",
    "performance_model=db",
    "scheduler=mixed_pool",
    "start_state=splitwise",
    "start_state.prompt.num_instances=25",
    "start_state.token.num_instances=15",
    "trace=azure_conv",
    "trace.rate=70",
    "trace.requests=null",
    "trace.end_time=300",
  ]);
  const plain = () => simulate(inputs);
  const sampled = () => simulate({ ...inputs, sampleIntervalSeconds: INTERVAL_SECONDS });
  const run = async () => {
    const added = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const [without] = await cpuSeconds(plain);
      const [withThem] = await cpuSeconds(sampled);
      added.push(withThem / without - 1);
    }
    const { trace, samples: taken } = sampled();
    return { requests: trace.count, samples: taken.rows, addedShare: Number(median(added).toPrecision(2)) };
  };
  return { run, warmUps: 1, repetitions: 1 };
}
