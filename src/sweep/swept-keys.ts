/** Which keys a sweep varies, read off the overrides of its runs. */

/** Key of an override without its `+`, `++` or `~`, and the text of its value ("" where it has none). */
export function splitOverride(override: string): { key: string; value: string } {
  const text = override.replace(/^(\+\+?|~)/, "");
  const equals = text.indexOf("=");
  return equals < 0 ? { key: text, value: "" } : { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** Value texts by key; of several overrides of a key the last one counts. */
export function overrideValues(overrides: readonly string[]): Map<string, string> {
  return new Map(overrides.map(splitOverride).map(({ key, value }) => [key, value]));
}

/** The keys whose value is not the same in all runs, in order of first appearance. */
export function sweptKeysOf(overridesByRun: readonly (readonly string[])[]): string[] {
  const values = overridesByRun.map(overrideValues);
  const keys = new Set(values.flatMap((run) => [...run.keys()]));
  return [...keys].filter((key) => values.some((run) => run.get(key) !== values[0].get(key)));
}
