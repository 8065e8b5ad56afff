/**
 * Whether `name` is a relative path with `/` between its parts that cannot leave the folder it is joined to. Parts that start with
 * `.servesweep-` are ours.
 */
export function isSafeRelativeName(name: string): boolean {
  if (name === "" || name.length > 4096 || /[\\\0\r\n]/.test(name)) return false;
  return name
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !part.startsWith(TEMPORARY_PREFIX));
}

/** Start of the names of everything that is written beside its target before it is renamed into place. */
export const TEMPORARY_PREFIX = ".servesweep-";
