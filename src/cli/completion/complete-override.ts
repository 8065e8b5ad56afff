/** Completes one override in the light of those before it. */
import type { Composer, Composition } from "../../config/index.ts";
import { openWorkspace } from "../../inputs/workspace.ts";
import { type CommandWords, splitOnce } from "./command-words.ts";
import { completeKey, type Prefix } from "./complete-key.ts";
import { completeValue } from "./complete-value.ts";

export interface CompletionContext {
  readonly composer: Composer;
  readonly composition: Composition;
  /** All config groups. */
  readonly groups: readonly string[];
}

/** Whole words that the typed one may become. Errors: ConfigError if there is no configuration to complete from. */
export function completeOverride(typed: string, { overrides, location }: CommandWords): string[] {
  const { composer } = openWorkspace(location);
  const context = { composer, composition: compose(composer, overrides), groups: composer.groups() };
  const prefix = (/^(\+\+|\+|~)?/.exec(typed)?.[0] ?? "") as Prefix;
  const [key, value] = splitOnce(typed.slice(prefix.length), "=");
  const candidates =
    value === undefined
      ? completeKey(prefix, key, context)
      : completeValue(key, value, context).map((candidate) => `${key}=${candidate}`);
  return candidates.map((candidate) => `${prefix}${candidate}`);
}

/** Overrides before the typed one may be wrong, or not yet fit: then they are left out, last ones first. */
function compose(composer: Composer, overrides: readonly string[]): Composition {
  for (let count = overrides.length; count > 0; count--) {
    try {
      return composer.compose(overrides.slice(0, count), { mode: "multirun" });
    } catch {
      // Fewer may compose.
    }
  }
  return composer.compose([], { mode: "multirun" });
}
