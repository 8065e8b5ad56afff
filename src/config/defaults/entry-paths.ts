/** Where an entry of a defaults list leads: its group, its config and the package that its values go to. */
import type { DefaultEntry } from "../sources/default-entry.ts";

/** An entry in its place: what it says, and where the config that lists it stands. */
export interface PlacedEntry {
  readonly entry: DefaultEntry;
  /** The option, after overrides and interpolations. */
  option: DefaultEntry["option"];
  /** The path of a config entry, after interpolations. */
  path: string;
  readonly baseGroup: string;
  readonly parentPackage: string;
  /** The package header of the config, always absolute (`_global_...`); known once the config is loaded. */
  header: string | undefined;
  deleted: boolean;
  readonly primary: boolean;
  /** The command-line override that chose the option, if one did. */
  chosenBy: string | undefined;
}

const GLOBAL = "_global_";

export function place(entry: DefaultEntry, baseGroup: string, parentPackage: string, primary = false): PlacedEntry {
  return {
    entry,
    option: entry.option,
    path: entry.path,
    baseGroup,
    parentPackage,
    header: undefined,
    deleted: false,
    primary,
    chosenBy: undefined,
  };
}

export function groupPath(placed: PlacedEntry): string {
  const { entry } = placed;
  const absolute = placed.path.startsWith("/");
  const path = absolute ? placed.path.slice(1) : placed.path;
  if (entry.kind === "group") return absolute || entry.external ? path : join(placed.baseGroup, path);
  const slash = path.lastIndexOf("/");
  const group = slash === -1 ? "" : path.slice(0, slash);
  return absolute ? group : join(placed.baseGroup, group);
}

/** Path of the config that the entry names; for a group entry only while its option is one name. */
export function configPath(placed: PlacedEntry): string {
  if (placed.entry.kind === "group") return `${groupPath(placed)}/${placed.option}`;
  return placed.path.startsWith("/") ? placed.path.slice(1) : join(placed.baseGroup, placed.path);
}

/** The option of a group entry, the last part of a config path. */
export function entryName(placed: PlacedEntry): string | null {
  if (placed.entry.kind === "config") return placed.path.slice(placed.path.lastIndexOf("/") + 1);
  return typeof placed.option === "string" ? placed.option : null;
}

/**
 * The package of the entry's values: `@package` of the entry, else the header of the config (unless `ignoreHeader`),
 * else the group; below the parent's package unless it says `_global_`.
 */
export function finalPackage(placed: PlacedEntry, ignoreHeader = false): string {
  const own =
    placed.entry.package ?? (ignoreHeader ? undefined : placed.header) ?? relativeGroup(placed).replaceAll("/", ".");
  const parent = placed.entry.external ? "" : placed.parentPackage;
  const full = parent === "" ? own : own === "" ? parent : `${parent}.${own}`;
  const global = full.lastIndexOf(GLOBAL);
  return global === -1 ? full : full.slice(global + GLOBAL.length + 1);
}

/** The key under which a group entry is overridden: its group, with `@package` where that is not the group's own. */
export function overrideKeyOf(placed: PlacedEntry): string {
  const group = groupPath(placed);
  const packageName = finalPackage(placed, true);
  if (packageName === group.replaceAll("/", ".")) return group;
  return `${group}@${packageName === "" ? GLOBAL : packageName}`;
}

/** A header as an absolute package. */
export function absoluteHeader(header: string | undefined): string | undefined {
  if (header === undefined || header === GLOBAL || header.startsWith(`${GLOBAL}.`)) return header;
  return header === "" ? GLOBAL : `${GLOBAL}.${header}`;
}

export function isInterpolated(placed: PlacedEntry): boolean {
  if (placed.entry.kind === "config") return placed.path.includes("${");
  return typeof placed.option === "string" && placed.option.includes("${");
}

export function isMissingChoice(placed: PlacedEntry): boolean {
  return entryName(placed) === "???";
}

function relativeGroup(placed: PlacedEntry): string {
  const path = placed.path.startsWith("/") ? placed.path.slice(1) : placed.path;
  if (placed.entry.kind === "group") return path;
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

function join(base: string, path: string): string {
  if (base === "") return path;
  return path === "" ? base : `${base}/${path}`;
}
