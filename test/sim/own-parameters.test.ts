import { describe, expect, test } from "vitest";
import { withOwnParameters } from "../../src/sim/own-parameters.ts";

describe("an application's own parameters", () => {
  const file = { name: "f", rate: 1, overheads: { run: 1, preempt: 2 }, list: [1, 2] };

  test("replace the file's key by key, also inside a mapping", () => {
    expect(withOwnParameters(file, { rate: 3, overheads: { run: 5 }, list: [9] })).toEqual({
      name: "f",
      rate: 3,
      overheads: { run: 5, preempt: 2 },
      list: [9],
    });
  });

  test("change nothing if there are none, and never the file", () => {
    const before = structuredClone(file);
    expect(withOwnParameters(file)).toEqual(before);
    withOwnParameters(file, { overheads: { run: 5 } });
    expect(file).toEqual(before);
  });

  test("reach no prototype", () => {
    const merged = withOwnParameters(
      file,
      JSON.parse('{"__proto__": {"polluted": 1}, "overheads": {"__proto__": {"a": 1}}}'),
    );
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});
