/** Rules by which recorded values are compared with ours; see the corpus' description of its format. */

const CLOCK = /^(.*?)\d{4}-\d\d-\d\d\/\d\d-\d\d-\d\d(.*)$/s;

/** Reads a recorded value: `{"$float": ...}`, `{"$int": ...}` and `{"$dict": [...]}` stand for what JSON cannot hold. */
export function decode(recorded) {
  if (Array.isArray(recorded)) return recorded.map(decode);
  if (recorded === null || typeof recorded !== "object") return recorded;
  if ("$float" in recorded) return { nan: Number.NaN, inf: Infinity, "-inf": -Infinity }[recorded.$float];
  if ("$int" in recorded) return Number(recorded.$int);
  if ("$dict" in recorded) {
    return Object.fromEntries(recorded.$dict.map(([key, value]) => [keyText(key), decode(value)]));
  }
  return Object.fromEntries(Object.entries(recorded).map(([key, value]) => [key, decode(value)]));
}

function keyText(key) {
  if (typeof key === "object" && key !== null) return String(decode(key));
  if (key === null) return "None";
  if (typeof key === "boolean") return key ? "True" : "False";
  return String(key);
}

/** The first difference as text, or undefined. Mappings compare without order. */
export function difference(expected, actual, replacements = [], path = "") {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return `${path}: expected a list, got ${JSON.stringify(actual)}`;
    if (expected.length !== actual.length) return `${path}: ${expected.length} items expected, got ${actual.length}`;
    return first(expected.keys(), (index) =>
      difference(expected[index], actual[index], replacements, `${path}/${index}`),
    );
  }
  if (expected !== null && typeof expected === "object") {
    if (actual === null || typeof actual !== "object" || Array.isArray(actual)) {
      return `${path}: expected a mapping, got ${JSON.stringify(actual)}`;
    }
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return first(keys, (key) => {
      if (!Object.hasOwn(expected, key)) return `${path}/${key}: unexpected ${JSON.stringify(actual[key])}`;
      if (!Object.hasOwn(actual, key)) return `${path}/${key}: missing`;
      return difference(expected[key], actual[key], replacements, `${path}/${key}`);
    });
  }
  if (typeof expected === "string" && typeof actual === "string") {
    return sameText(expected, actual, replacements) ? undefined : `${path}: expected '${expected}', got '${actual}'`;
  }
  return Object.is(expected, actual) || (expected === 0 && actual === 0)
    ? undefined
    : `${path}: expected ${JSON.stringify(expected) ?? expected}, got ${JSON.stringify(actual) ?? actual}`;
}

/** Texts with a recorded clock compare as a pattern; placeholders stand for folders. */
export function sameText(expected, actual, replacements = []) {
  let wanted = expected;
  for (const [placeholder, text] of replacements) wanted = wanted.replaceAll(placeholder, text);
  if (wanted === actual) return true;
  const a = CLOCK.exec(wanted);
  const b = CLOCK.exec(actual);
  return a !== null && b !== null && a[1] === b[1] && a[2] === b[2];
}

function first(keys, compare) {
  for (const key of keys) {
    const found = compare(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A label that is a bare Python class name only says that there is some error at this place. */
export function sameErrorKind(expected, actual) {
  const bare = /^(?:omegaconf:ValidationError|[A-Z][A-Za-z]*)$/.test(expected);
  return bare || expected === actual;
}

/** Sorted JSON pointers, for comparing sets. */
export function samePointers(expected, actual) {
  const [a, b] = [[...(expected ?? [])].sort(), [...actual].sort()];
  return a.length === b.length && a.every((pointer, index) => pointer === b[index]);
}
