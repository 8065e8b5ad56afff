/**
 * One entry of a defaults list: a config group with its option, or the path of a config. How its path and its
 * package follow from the config that lists it is Hydra's; see `entry-paths.ts`.
 */
import type { Origin } from "../tree/origin.ts";

export interface DefaultEntry {
  readonly kind: "group" | "config";
  /** The group as written (a leading `/` makes it absolute), or the path of the config. */
  readonly path: string;
  /** The option of a group: a name, several names, or null for none. `undefined` for a config path. */
  readonly option: string | readonly string[] | null | undefined;
  /** The package after `@`; `""` for `_here_`. */
  readonly package: string | undefined;
  readonly optional: boolean;
  readonly override: boolean;
  /** Added on the command line with `+group=option`; its group is absolute. */
  readonly external: boolean;
  readonly origin: Origin;
}

export function isSelf(entry: DefaultEntry): boolean {
  return entry.kind === "config" && entry.path === "_self_";
}

export function groupEntry(
  path: string,
  option: DefaultEntry["option"],
  origin: Origin,
  more: { package?: string | undefined; optional?: boolean; override?: boolean; external?: boolean } = {},
): DefaultEntry {
  return {
    kind: "group",
    path,
    option,
    package: more.package === "_here_" ? "" : more.package,
    optional: more.optional ?? false,
    override: more.override ?? false,
    external: more.external ?? false,
    origin,
  };
}

export function configEntry(path: string, origin: Origin, packageName?: string, optional = false): DefaultEntry {
  return {
    kind: "config",
    path,
    option: undefined,
    package: packageName === "_here_" ? "" : packageName,
    optional,
    override: false,
    external: false,
    origin,
  };
}
