/** Completes the key of an override: a config group, or a key of the composed configuration. */
import type { ConfigNode } from "../../config/index.ts";
import type { CompletionContext } from "./complete-override.ts";
import { childrenOf, nodeAt } from "./config-path.ts";
import { isContainer, schemasAt } from "./schema-path.ts";

/** What stands before a key: nothing changes, `+` adds, `++` adds or changes, `~` deletes. */
export type Prefix = "" | "+" | "++" | "~";

/** Ends in `=` where a value follows, in `.` where keys do. */
export function completeKey(prefix: Prefix, typed: string, context: CompletionContext): string[] {
  const found = [...groupKeys(prefix, typed, context), ...configKeys(prefix, typed, context)];
  return [...new Set(found)].filter((candidate) => candidate.startsWith(typed) && candidate !== typed);
}

function groupKeys(prefix: Prefix, typed: string, { composer, composition, groups }: CompletionContext): string[] {
  const { choices, hydraChoices } = composition.facts;
  const chosen = [...choices.keys(), ...hydraChoices.keys()];
  if (prefix === "++") return [];
  const hasOptions = (group: string) =>
    groups.some((name) => `${name}/`.startsWith(`${group}/`) && composer.groupOptions(name).length > 0);
  const isAddable = (group: string) => group !== "hydra" && !chosen.includes(group) && hasOptions(group);
  const keys = prefix === "+" ? groups.filter(isAddable) : chosen;
  return keys.flatMap((key) => {
    const shown = asDeepAs(typed, key);
    if (shown === key) return [prefix === "~" ? key : `${key}=`];
    // A group inside another waits until that one is typed, unless there is nothing else to choose there.
    const parent = shown.slice(0, -1);
    return parent === typed || !keys.includes(parent) ? [shown] : [];
  });
}

/** The key as far as the typed path goes: `hydra/` for `hydra/launcher`, while no `/` is typed. */
function asDeepAs(typed: string, key: string): string {
  const parts = key.split("/");
  const depth = typed.split("/").length;
  return parts.length <= depth ? key : `${parts.slice(0, depth).join("/")}/`;
}

function configKeys(prefix: Prefix, typed: string, { composition }: CompletionContext): string[] {
  const parentPath = typed.split(".").slice(0, -1);
  const parent = nodeAt(composition.tree, parentPath);
  const before = parentPath.map((part) => `${part}.`).join("");
  const children = parent === undefined ? [] : childrenOf(parent);
  const present = children.flatMap(([key, child]) => {
    const path = `${before}${key}`;
    if (isBranch(child)) {
      // A group's name alone completes to the choice of its option; its keys are offered when it is typed in full.
      const isGroup = before === "" && composition.choices.has(key);
      return isGroup && typed !== key ? [] : [`${path}.`];
    }
    return prefix === "+" ? [] : [prefix === "~" ? path : `${path}=`];
  });
  return prefix === "" || prefix === "~"
    ? present
    : [...present, ...absentKeys(before, parentPath, composition.tree, parent)];
}

/** Keys that the schema allows below a node, and that it lacks. */
function absentKeys(
  before: string,
  path: readonly string[],
  root: ConfigNode,
  parent: ConfigNode | undefined,
): string[] {
  const present = new Set(parent === undefined ? [] : childrenOf(parent).map(([key]) => key));
  return schemasAt(root, path)
    .flatMap(({ properties }) => Object.entries(properties ?? {}))
    .filter(([key]) => !present.has(key) && key !== "defaults")
    .map(([key, schema]) => `${before}${key}${isContainer(schema) ? "." : "="}`);
}

function isBranch(node: ConfigNode): boolean {
  return childrenOf(node).length > 0;
}
