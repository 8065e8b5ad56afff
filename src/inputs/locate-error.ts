/** Tells the user where the value that an error blames was written. */
import type { Composition } from "../config/index.ts";
import { ConfigError } from "../errors.ts";
import type { Locate } from "../schema/validate.ts";

/** Origins in a composition: of the value at a path, or of its nearest parent that has one. */
export function locateIn(composition: Composition): Locate {
  return (path) => {
    for (let place = path; place !== ""; place = place.slice(0, Math.max(0, place.lastIndexOf(".")))) {
      const origin = composition.originOf(place);
      if (origin?.kind === "file") return { file: origin.file, line: origin.line, column: origin.column };
      if (origin?.kind === "override") return { override: origin.text };
    }
    return {};
  };
}

/** Calls `action`; a ConfigError that it throws with a path and no position gets the position of the value there. */
export function withOrigins<Result>(composition: Composition, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ConfigError) || error.path === undefined || error.position.file !== undefined) throw error;
    if (error.code === "SCHEMA") throw error;
    const origin = locateIn(composition)(error.path);
    const blamed = origin.override === undefined ? "" : ` (${error.path}, set by the override '${origin.override}')`;
    const located = new ConfigError(error.label, `${error.message.replace(/\.$/, "")}${blamed}.`, {
      hint: error.hint,
      cause: error,
      path: error.path,
      position: origin,
    });
    located.others = error.others;
    throw located;
  }
}
