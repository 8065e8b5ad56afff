/** The runs that a comparison leaves out, and why. */
import type { Comparison } from "../../analysis/compare/comparison.ts";
import type { RunPair } from "../../analysis/compare/pair-runs.ts";
import type { SideRun } from "../../analysis/compare/side.ts";

const SHOWN_RUNS = 20;

export function notComparedLines({ incomplete, onlyA, onlyB }: Comparison): string[] {
  const lines = [
    ...incomplete.map(incompleteText),
    ...onlyA.map((run) => `  only in A: ${runText(run)}`),
    ...onlyB.map((run) => `  only in B: ${runText(run)}`),
  ];
  if (lines.length === 0) return [];
  const rest = lines.length - SHOWN_RUNS;
  return ["Not compared:", ...lines.slice(0, SHOWN_RUNS), ...(rest > 0 ? [`  ... and ${rest} more (--json)`] : [])];
}

function incompleteText({ a, b }: RunPair): string {
  const reasons = [
    ...(a.status === "done" ? [] : [`${a.status} in A: ${runText(a)}`]),
    ...(b.status === "done" ? [] : [`${b.status} in B: ${runText(b)}`]),
  ];
  return `  ${reasons.join("; ")}`;
}

function runText({ number, overrides }: SideRun): string {
  return [`run ${number}`, ...(overrides.length === 0 ? [] : [`(${overrides.join(" ")})`])].join(" ");
}
