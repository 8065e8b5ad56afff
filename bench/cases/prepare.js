// Composes overrides as the command does, and reads the inputs of the run.

import { prepareRun } from "../../dist/inputs/prepare-run.js";
import { openWorkspace } from "../../dist/inputs/workspace.js";
import { readInputs } from "../../dist/run-one.js";

export async function prepare(overrides) {
  const { composer, resolver } = openWorkspace({});
  return readInputs(prepareRun(composer.compose(overrides), resolver).inputs);
}
