// A run of 40 servers and 42,000 requests without and with a sample of every instance each simulated second, alternately in one process: the median share that sampling adds.
import { openWorkspace } from "../../dist/inputs/workspace.js";
import { prepareRun } from "../../dist/inputs/prepare-run.js";
import { readInputs } from "../../dist/run-one.js";
import { simulate } from "../../dist/sim/simulation.js";

const PAIRS = 15;

export async function samples() {
  const { composer } = openWorkspace({});
  console.error(Object.keys(await import("../../dist/inputs/prepare-run.js")));
  return {};
}
