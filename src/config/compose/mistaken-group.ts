/** A new key that looks like the choice of a config group whose name is misspelt. */
import { suggest } from "../../suggest.ts";
import type { ResolverEnvironment } from "../interpolation/resolver-contract.ts";
import type { Override } from "../override/value.ts";
import type { ConfigRepository } from "../sources/repository.ts";

/** `+swaping=pool` adds a key that nothing reads: worth a warning if a group of nearly this name has this option. */
export function warnOfMistakenGroup(
  { type, key, value, text }: Override,
  repository: ConfigRepository,
  environment: ResolverEnvironment,
): void {
  if ((type !== "add" && type !== "force_add") || value.type !== "str") return;
  const meant = suggest(key, repository.allGroups()).find((group) => repository.options(group).includes(value.value));
  if (meant === undefined) return;
  environment.warn(
    `'${text}' adds a key of its own. To choose an option of the group '${meant}': +${meant}=${value.value}`,
  );
}
