import { OverrideError, throwTogether } from "../../errors.ts";
import { parseOverride } from "./parser.ts";
import type { Override } from "./value.ts";

/** @throws {OverrideError} the first mistake, those of the other overrides in `others`. */
export function parseOverrides(texts: readonly string[]): Override[] {
  const errors: OverrideError[] = [];
  const overrides = texts.flatMap((text) => {
    try {
      return [parseOverride(text)];
    } catch (error) {
      if (!(error instanceof OverrideError)) throw error;
      errors.push(error);
      return [];
    }
  });
  throwTogether(errors);
  return overrides;
}
