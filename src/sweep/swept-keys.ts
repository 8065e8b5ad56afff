/** Which keys a sweep varies, read off the overrides of its runs. */

/** Runs that differ in this key only are repetitions of each other. */
export const REPETITION_KEY = "seed";

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

/** The shortest dotted endings of the keys that tell them apart: titles of columns. */
export function shortTitles(keys: readonly string[]): string[] {
  const ending = (key: string, parts: number) => key.split(".").slice(-parts).join(".");
  return keys.map((key) => {
    let parts = 1;
    while (
      ending(key, parts) !== key &&
      keys.some((other) => other !== key && ending(other, parts) === ending(key, parts))
    ) {
      parts++;
    }
    return ending(key, parts);
  });
}
