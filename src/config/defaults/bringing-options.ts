/** Which options would bring a config group into the defaults list: for those who choose one that is not there. */
import type { ConfigRepository } from "../sources/repository.ts";

const MOST_NAMED = 3;

/**
 * Options, as `group=option`, whose own defaults list has an entry for `group`; at most a few. Reads every config on the search
 * path, so it is for messages only; configs that cannot be read are passed over.
 */
export function bringingOptions(repository: ConfigRepository, group: string): string[] {
  const found: string[] = [];
  for (const other of repository.allGroups()) {
    for (const option of repository.options(other)) {
      if (found.length === MOST_NAMED) return found;
      if (brings(repository, `${other}/${option}`, `/${group}`)) found.push(`${other}=${option}`);
    }
  }
  return found;
}

function brings(repository: ConfigRepository, config: string, absolute: string): boolean {
  try {
    const loaded = repository.load(config);
    return (
      loaded?.defaults.some(({ kind, path, override }) => kind === "group" && path === absolute && !override) ?? false
    );
  } catch {
    return false;
  }
}
