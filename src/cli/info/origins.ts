/** `--info origins`: for every leaf of the configuration the place or the override that set it. */
import type { Composition, Origin } from "../../config/index.ts";
import { displayPath } from "../display-path.ts";

export function originsText(composition: Composition): string {
  const leaves = [...composition.origins()];
  const width = Math.max(0, ...leaves.map(([path]) => path.length));
  return leaves.map(([path, origin]) => `${path.padEnd(width)}  ${originText(origin)}\n`).join("");
}

/** A line per leaf: its path, a tab, its origin. */
export function originsTable(composition: Composition): string {
  return [...composition.origins()].map(([path, origin]) => `${path}\t${originText(origin)}\n`).join("");
}

/** A leaf per entry: its path, and either `override` or `file`, `line` and `column`. */
export function originsJson(composition: Composition): unknown {
  return [...composition.origins()].map(([path, origin]) => {
    if (origin.kind === "override") return { path, override: origin.text };
    if (origin.kind === "built-in") return { path, builtIn: true };
    return { path, file: displayPath(origin.file), line: origin.line, column: origin.column };
  });
}

function originText(origin: Origin): string {
  if (origin.kind === "file") return `${displayPath(origin.file)}:${origin.line}:${origin.column}`;
  return origin.kind === "override" ? `override ${origin.text}` : "built in";
}
