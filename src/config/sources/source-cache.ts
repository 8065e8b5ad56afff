/** Files and directories read so far. Composers that share a cache read and parse each file once. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { ConfigError } from "../../errors.ts";
import { compareText } from "../values/compare.ts";
import { type LoadedConfig, parseConfig } from "./config-file.ts";

interface Listing {
  readonly files: ReadonlySet<string>;
  readonly directories: ReadonlySet<string>;
}

/** Sees each file as it was when first asked for; `clear` forgets everything. */
export class SourceCache {
  readonly listings = new Map<string, Listing | undefined>();
  readonly configs = new Map<string, LoadedConfig>();

  clear(): void {
    this.listings.clear();
    this.configs.clear();
  }

  isDirectory(directory: string): boolean {
    return this.listing(directory) !== undefined;
  }

  isFile(file: string): boolean {
    return this.listing(path.dirname(file))?.files.has(path.basename(file)) ?? false;
  }

  /** Names of the files in a directory, sorted. */
  fileNames(directory: string): string[] {
    return [...(this.listing(directory)?.files ?? [])].sort(compareText);
  }

  directoryNames(directory: string): string[] {
    return [...(this.listing(directory)?.directories ?? [])].sort(compareText);
  }

  /** @throws {ConfigError} `file_unreadable`, or what parsing finds. */
  config(file: string, configPath: string, provider: string): LoadedConfig {
    const key = `${file}\0${configPath}\0${provider}`;
    const known = this.configs.get(key);
    if (known !== undefined) return known;
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (cause) {
      throw new ConfigError("file_unreadable", `Cannot read ${file}.`, { position: { file }, cause });
    }
    const loaded = parseConfig(text.startsWith("\ufeff") ? text.slice(1) : text, configPath, provider, file);
    this.configs.set(key, loaded);
    return loaded;
  }

  private listing(directory: string): Listing | undefined {
    if (this.listings.has(directory)) return this.listings.get(directory);
    const listing = readListing(directory);
    this.listings.set(directory, listing);
    return listing;
  }
}

function readListing(directory: string): Listing | undefined {
  const files = new Set<string>();
  const directories = new Set<string>();
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const target = entry.isSymbolicLink()
        ? statSync(path.join(directory, entry.name), { throwIfNoEntry: false })
        : entry;
      if (target?.isFile()) files.add(entry.name);
      else if (target?.isDirectory()) directories.add(entry.name);
    }
  } catch {
    return undefined;
  }
  return { files, directories };
}
