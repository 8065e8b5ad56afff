import { describe, expect, test } from "vitest";
import { prepareRun } from "../../src/inputs/prepare-run.ts";
import { openWorkspace } from "../../src/inputs/workspace.ts";

const { composer, resolver } = openWorkspace({});

function notesOf(...overrides: string[]): readonly string[] {
  return prepareRun(composer.compose(overrides, { mode: "run" }), resolver).notes;
}

describe("the user hears", () => {
  test("that a scheduler without transfers uses the pools of a start state as one", () => {
    const notes = notesOf("start_state=splitwise", "scheduler=token_jsq");
    expect(notes).toEqual([expect.stringMatching(/token_jsq never transfers .* mixed_pool/)]);
  });

  test("that pools by number of servers do not read SKUs, and pools by SKU no numbers", () => {
    const given = [
      "start_state=splitwise",
      "scheduler=mixed_pool",
      "start_state.prompt.instance_names=[dgx-a100]",
      "start_state.token.num_instances=1",
    ];
    expect(notesOf(...given)).toEqual([expect.stringMatching(/^start_state.prompt.instance_names is not read/)]);
    expect(notesOf(...given, "start_state.split_type=heterogeneous", "cluster=half_half")).toEqual([
      expect.stringMatching(/^start_state.token.num_instances is not read/),
    ]);
  });

  test("nothing about settings that matter, nor about defaults that do not", () => {
    expect(notesOf()).toEqual([]);
    expect(notesOf("start_state=splitwise", "scheduler=mixed_pool", "start_state.prompt.num_instances=1")).toEqual([]);
  });
});
