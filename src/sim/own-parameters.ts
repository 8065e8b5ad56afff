/** A component's parameters with an application's own ones in place of the file's: key by key, also inside a mapping. */
export function withOwnParameters<Parameters extends object>(
  file: Parameters,
  own: Readonly<Record<string, unknown>> = {},
): Parameters {
  const base = new Map<string, unknown>(Object.entries(file));
  const merged = Object.entries(own).map(([key, value]) => {
    const inFile = base.get(key);
    return [key, isMapping(inFile) && isMapping(value) ? { ...inFile, ...value } : value];
  });
  return { ...file, ...Object.fromEntries(merged) };
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
