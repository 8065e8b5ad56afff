// A sweep of 10,000 jobs: expanded, composed, resolved, validated and given run ids.

import { prepareRun } from "../../dist/inputs/prepare-run.js";
import { openWorkspace } from "../../dist/inputs/workspace.js";

const OVERRIDES = ["seed=range(0,1000)", "trace.rate=range(1,11)"];

export function compose() {
  const run = () => {
    const { composer, resolver } = openWorkspace({});
    const { jobs } = composer.expand(OVERRIDES);
    const ids = new Set();
    for (const { number, overrides } of jobs) {
      ids.add(prepareRun(composer.compose(overrides, { mode: "multirun", jobNumber: number }), resolver).runId);
    }
    if (ids.size !== jobs.length) throw new Error("two jobs have one run id");
    return { jobs: jobs.length };
  };
  return { run, warmUps: 1, repetitions: 3 };
}
