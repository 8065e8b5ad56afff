/** Completes the value of an override: an option of a config group, a value that the schema lists, or the present one. */

import type { ConfigNode } from "../../config/index.ts";
import type { CompletionContext } from "./complete-override.ts";
import { nodeAt } from "./config-path.ts";
import { listedValues, schemasAt } from "./schema-path.ts";

/** Config groups whose options are the names that a key takes. */
const NAMES_OF_OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/^applications\.\d+\.scheduler$/, "scheduler"],
  [/^applications\.\d+\.allocator$/, "allocator"],
  [/^applications\.\d+\.model_architecture$/, "model_repo/architectures"],
  [/^applications\.\d+\.model_size$/, "model_repo/sizes"],
  [/^cluster\.servers\.\d+\.sku$/, "hardware_repo/skus"],
];

/** Values in the place of the one that is being typed: the last of a list `a,b`. */
export function completeValue(key: string, typed: string, context: CompletionContext): string[] {
  const start = Math.max(typed.lastIndexOf(","), typed.lastIndexOf("[")) + 1;
  const before = typed.slice(0, start);
  const current = typed.slice(start);
  const taken = before.split(/[,[]/);
  const values =
    before.startsWith("[") && !context.groups.includes(key) ? itemsOf(key, context) : valuesOf(key, current, context);
  return [...new Set(values)]
    .filter((value) => value.startsWith(current) && !taken.includes(value))
    .map((value) => `${before}${value}`);
}

/** Values that the items of a list may have. */
function itemsOf(key: string, { composition }: CompletionContext): string[] {
  return listedValues(schemasAt(composition.tree, [...key.split("."), "0"]));
}

function valuesOf(key: string, current: string, context: CompletionContext): string[] {
  const group = key.split("@")[0];
  if (context.groups.includes(group)) return optionsOf(group, current, context);
  const names = NAMES_OF_OPTIONS.find(([pattern]) => pattern.test(key));
  if (names !== undefined) return optionsOf(names[1], current, context);
  const path = key.split(".");
  const { tree } = context.composition;
  const listed = listedValues(schemasAt(tree, path));
  if (listed.some((value) => value !== "null")) return listed;
  const present = scalarText(nodeAt(tree, path));
  return present === undefined ? listed : [present, ...listed];
}

/** The text of a scalar, if an override can write it without quotes. */
function scalarText(node: ConfigNode | undefined): string | undefined {
  if (node?.kind !== "scalar" || node.expression !== undefined) return undefined;
  const text = node.value.type === "null" ? "null" : String(node.value.value);
  return /[\s,'"\\(){}[\]=]/.test(text) ? undefined : text;
}

/** Options of the group and of the groups inside it: `conversation` of `azure` in `experiment` is `azure/conversation`. */
function optionsOf(group: string, current: string, { composer, groups }: CompletionContext): string[] {
  const folder = current.slice(0, current.lastIndexOf("/") + 1);
  const inside = `${group}/${folder}`;
  const options = composer.groupOptions(inside.slice(0, -1)).map((option) => `${folder}${option}`);
  const folders = groups
    .filter((name) => name.startsWith(inside) && !name.slice(inside.length).includes("/"))
    .map((name) => `${folder}${name.slice(inside.length)}/`)
    .filter((name) => composer.groupOptions(`${group}/${name.slice(0, -1)}`).length > 0);
  return [...options, ...folders];
}
