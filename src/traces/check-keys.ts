import { ConfigError } from "../errors.ts";

/** Errors: ConfigError below `path` for a key that is missing, or that has no effect. Null is as if it were not there. */
export function checkKeys(
  owner: string,
  path: string,
  given: Readonly<Record<string, unknown>>,
  needs: readonly string[],
  allows: readonly string[] = [],
): void {
  const known = [...needs, ...allows];
  const missing = needs.find((key) => given[key] == null);
  if (missing !== undefined) {
    throw new ConfigError("missing_key", `${owner} needs ${missing}.`, { path: `${path}.${missing}` });
  }
  const surplus = Object.keys(given).find((key) => given[key] != null && !known.includes(key));
  if (surplus === undefined) return;
  throw new ConfigError("unknown_key", `${owner} has no ${surplus}.`, {
    path: `${path}.${surplus}`,
    hint: known.length === 0 ? "It has no parameters." : `It has ${known.join(", ")}.`,
  });
}
