/** `--info defaults` and `--info defaults-tree`: which configs were merged, and why. */
import type { Composition, DefaultsListEntry, DefaultsTreeNode } from "../../config/index.ts";
import { formatTable } from "./table.ts";

/** The defaults list in merge order, as Hydra prints it. */
export function defaultsTable({ defaultsList }: Composition): string {
  const rows = defaultsList.map(({ configPath, package: target, isSelf, parent }) => [
    configPath,
    target,
    isSelf ? "True" : "False",
    parent ?? "",
  ]);
  return formatTable(["Config path", "Package", "_self_", "Parent"], rows);
}

export function defaultsJson({ defaultsList }: Composition): unknown {
  return defaultsList.map(({ configPath, package: target, isSelf, parent }: DefaultsListEntry) => ({
    configPath,
    package: target,
    isSelf,
    parent,
  }));
}

interface Branch {
  /** `group: option`, the path of a config, or `_self_`. */
  readonly entry: string;
  readonly children?: readonly Branch[];
}

export function defaultsTreeText({ facts }: Composition): string {
  return lines(branchOf(facts.defaultsTree), 0).join("\n").concat("\n");
}

export function defaultsTreeJson({ facts }: Composition): unknown {
  return branchOf(facts.defaultsTree);
}

function branchOf(node: DefaultsTreeNode): Branch {
  const entry = entryText(node);
  const { children } = node;
  return children === undefined || children.length === 0 ? { entry } : { entry, children: children.map(branchOf) };
}

function entryText({ placed, isSelf }: DefaultsTreeNode): string {
  if (isSelf) return "_self_";
  if (placed === undefined) return "<root>";
  const { entry, option, path, deleted, chosenBy } = placed;
  const prefix = entry.optional ? "optional " : "";
  const target = entry.package === undefined || entry.package === "" ? "" : `@${entry.package}`;
  const name = entry.kind === "group" ? `${path}${target}: ${optionText(option)}` : `${path}${target}`;
  const why = deleted ? " (deleted)" : chosenBy === undefined ? "" : ` (${chosenBy})`;
  return `${prefix}${name}${why}`;
}

function optionText(option: string | readonly string[] | null | undefined): string {
  if (option === null || option === undefined) return "null";
  return typeof option === "string" ? option : `[${option.join(", ")}]`;
}

function lines({ entry, children }: Branch, depth: number): string[] {
  const indent = "  ".repeat(depth);
  if (children === undefined) return [`${indent}${entry}`];
  return [`${indent}${entry}:`, ...children.flatMap((child) => lines(child, depth + 1))];
}
