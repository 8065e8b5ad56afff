/** Where the files are that a configuration names by relative paths, and what they hold. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { ConfigError } from "../errors.ts";

export interface PathResolverOptions {
  readonly cwd: string;
  readonly primaryConfigDir: string;
  /** The package's own folder, whose `data` and `traces` are the last resort. */
  readonly packageDir: string;
}

/** What was found for a configured path; `note` tells the user if it was not where the configuration says. */
export interface ResolvedPath {
  readonly absolutePath: string;
  readonly note?: string;
}

export class PathResolver {
  readonly #options: PathResolverOptions;
  readonly #known = new Map<string, ResolvedPath | undefined>();
  readonly #fingerprints = new Map<string, string>();

  constructor(options: PathResolverOptions) {
    this.#options = options;
  }

  /**
   * Looks in the working directory, then beside the primary config directory, then in our own package: for a folder at
   * this place, or for a file of this name anywhere among the data. Errors: ConfigError `file_not_found`, blaming `key`.
   */
  resolve(path: string, kind: "file" | "directory", key: string): ResolvedPath {
    const found = this.find(path, kind, key);
    if (found !== undefined) return found;
    throw new ConfigError("file_not_found", `There is no ${kind} '${path}'.`, {
      path: key,
      hint: `Looked in the working directory${isAbsolute(path) ? "" : ", beside the configuration"}${
        kind === "file" ? ", and among the shipped data" : ""
      }.`,
    });
  }

  /** The same, undefined if there is nothing. */
  find(path: string, kind: "file" | "directory", key: string): ResolvedPath | undefined {
    const identity = `${kind}:${path}`;
    if (!this.#known.has(identity)) this.#known.set(identity, this.#find(path, kind, key));
    return this.#known.get(identity);
  }

  /** A file of our own package, wherever else there is one at this place. */
  shipped(path: string): ResolvedPath {
    return { absolutePath: join(this.#options.packageDir, path) };
  }

  /** SHA-256 of a file's contents when first asked for. */
  fingerprint(absolutePath: string): string {
    let sha256 = this.#fingerprints.get(absolutePath);
    if (sha256 === undefined) {
      sha256 = createHash("sha256").update(readFileSync(absolutePath)).digest("hex");
      this.#fingerprints.set(absolutePath, sha256);
    }
    return sha256;
  }

  #find(path: string, kind: "file" | "directory", key: string): ResolvedPath | undefined {
    const { cwd, primaryConfigDir, packageDir } = this.#options;
    const candidates = isAbsolute(path) ? [path] : [resolve(cwd, path), resolve(dirname(primaryConfigDir), path)];
    // Groups that the primary directory lacks come from our conf, which names folders of ours.
    if (!isAbsolute(path) && kind === "directory") candidates.push(resolve(packageDir, path));
    for (const candidate of candidates) {
      const found = withCompression(candidate, kind);
      if (found !== undefined) return { absolutePath: found };
    }
    const shipped = kind === "file" ? findShipped(packageDir, basename(path)) : undefined;
    if (shipped !== undefined) {
      return { absolutePath: shipped, note: `${key}: '${path}' is not there; using the shipped ${basename(shipped)}` };
    }
    return undefined;
  }
}

/** The path itself, or for a file its `.gz`. */
function withCompression(path: string, kind: "file" | "directory"): string | undefined {
  const isThere = (candidate: string) => {
    const status = statSync(candidate, { throwIfNoEntry: false });
    // Devices and pipes are no files: they may never end, and cannot be read twice.
    return status !== undefined && (kind === "directory" ? status.isDirectory() : status.isFile());
  };
  if (isThere(path)) return path;
  return kind === "file" && isThere(`${path}.gz`) ? `${path}.gz` : undefined;
}

function findShipped(packageDir: string, name: string): string | undefined {
  for (const folder of ["traces", "data"]) {
    const root = join(packageDir, folder);
    if (!existsSync(root)) continue;
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name === name)
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (files.length > 0) return files[0];
  }
  return undefined;
}
