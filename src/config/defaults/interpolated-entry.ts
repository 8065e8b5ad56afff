/** `${group}` in a defaults list: replaced by the option chosen for that group. */
import type { PlacedEntry } from "./entry-paths.ts";

/** The option (or config path) with all references replaced; undefined while one is not known. */
export function resolveChoiceReferences(
  placed: PlacedEntry,
  known: ReadonlyMap<string, string | null>,
): string | undefined {
  const text = placed.entry.kind === "group" ? String(placed.option) : placed.path;
  const resolved = text.replace(/\$\{\s*([^{}]*?)\s*\}/g, (whole, key: string) => known.get(key) ?? whole);
  return resolved.includes("${") ? undefined : resolved;
}
