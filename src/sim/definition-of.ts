import { ConfigError } from "../errors.ts";

/** The entry of a registry that a `_target_` means. Errors: ConfigError `unknown_target`. */
export function definitionOf<Definition extends { readonly targets: readonly string[] }>(
  definitions: readonly Definition[],
  target: string,
): Definition {
  const definition = definitions.find(({ targets }) => targets.includes(target));
  if (definition === undefined) throw new ConfigError("unknown_target", `Nothing is registered as '${target}'.`);
  return definition;
}
