// Composes overrides as the command does, and reads the inputs of the run.

import { prepareRun } from "../../dist/inputs/prepare-run.js";
import { openWorkspace } from "../../dist/inputs/workspace.js";
import { readInputs } from "../../dist/run-one.js";
import { inlineDeeply } from "../../dist/sweep/launchers/inlining.js";

// What is measured is a warm worker of a long sweep.
inlineDeeply();

export async function prepare(overrides) {
  const { composer, resolver } = openWorkspace({});
  return readInputs(prepareRun(composer.compose(overrides), resolver).inputs);
}
