/** All sources of a search path, in order: the first that has a config wins, options are the union. */
import { compareText } from "../values/compare.ts";
import type { LoadedConfig } from "./config-file.ts";
import type { ConfigSource } from "./file-source.ts";

export class ConfigRepository {
  readonly sources: readonly ConfigSource[];
  readonly groupCache = new Map<string, boolean>();

  constructor(sources: readonly ConfigSource[]) {
    this.sources = sources;
  }

  isGroup(group: string): boolean {
    let known = this.groupCache.get(group);
    if (known === undefined) {
      known = this.sources.some((source) => source.isGroup(group));
      this.groupCache.set(group, known);
    }
    return known;
  }

  isConfig(config: string): boolean {
    return this.sources.some((source) => source.isConfig(config));
  }

  /** Undefined when no source has it. */
  load(config: string): LoadedConfig | undefined {
    return this.sources.find((source) => source.isConfig(config))?.load(config);
  }

  options(group: string): string[] {
    return this.union((source) => source.options(group));
  }

  groups(group: string): string[] {
    return this.union((source) => source.groups(group));
  }

  /** Paths of all groups, for suggestions; at most `limit`. */
  allGroups(limit = 1000): string[] {
    const found: string[] = [];
    const queue = [""];
    for (let at = queue.shift(); at !== undefined && found.length < limit; at = queue.shift()) {
      for (const name of this.groups(at)) {
        const group = at === "" ? name : `${at}/${name}`;
        found.push(group);
        queue.push(group);
      }
    }
    return found;
  }

  private union(list: (source: ConfigSource) => readonly string[]): string[] {
    return [...new Set(this.sources.flatMap(list))].sort(compareText);
  }
}
