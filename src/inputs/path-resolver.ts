/** Where the files are that a configuration names by relative paths, and what they hold. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";

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
   * this place, or for a file of this name anywhere among the data. Errors: ConfigError `file_not_found`,
   * blaming `key`, which suggests files of a like name and those of `alike`.
   */
  resolve(path: string, kind: "file" | "directory", key: string, alike: readonly string[] = []): ResolvedPath {
    const found = this.find(path, kind, key);
    if (found !== undefined) return found;
    const irregular = this.#candidates(path, kind).find((candidate) => existsSync(candidate));
    if (irregular !== undefined) {
      const expected = kind === "file" ? "a regular file" : "a folder";
      throw new ConfigError("file_not_found", `'${path}' is not ${expected}.`, { path: key });
    }
    const near = kind === "file" ? this.#nearFiles(path, alike) : undefined;
    const looked = `Looked in the working directory${isAbsolute(path) ? "" : ", beside the configuration"}${
      kind === "file" ? ", and among the shipped data" : ""
    }.`;
    throw new ConfigError("file_not_found", `There is no ${kind} '${path}'.`, {
      path: key,
      hint: near === undefined ? looked : `${near} ${looked}`,
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
    const { packageDir } = this.#options;
    for (const candidate of this.#candidates(path, kind)) {
      const found = withCompression(candidate, kind);
      if (found !== undefined) return { absolutePath: found };
    }
    const shipped = kind === "file" ? findShipped(packageDir, basename(path)) : undefined;
    if (shipped !== undefined) {
      return { absolutePath: shipped, note: `${key}: '${path}' is not there; using the shipped ${basename(shipped)}` };
    }
    return undefined;
  }

  /** Files of a like name in the same folder, or among those that we ship. */
  #nearFiles(path: string, alike: readonly string[]): string | undefined {
    const beside = this.#candidates(path, "file").flatMap((candidate) => filesIn(dirname(candidate)));
    const names = [...alike, ...beside, ...shippedFiles(this.#options.packageDir).map((file) => basename(file))];
    const stem = (name: string) => name.replace(/(\.csv)?(\.gz)?$/, "");
    return didYouMean(stem(basename(path)), names.map(stem));
  }

  #candidates(path: string, kind: "file" | "directory"): string[] {
    const { cwd, primaryConfigDir, packageDir } = this.#options;
    if (isAbsolute(path)) return [path];
    const candidates = [resolve(cwd, path), resolve(dirname(primaryConfigDir), path)];
    // Groups that the primary directory lacks come from our conf, which names folders of ours.
    return kind === "directory" ? [...candidates, resolve(packageDir, path)] : candidates;
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
  return shippedFiles(packageDir).find((file) => basename(file) === name);
}

/** Our traces and data, traces first. */
function shippedFiles(packageDir: string): string[] {
  return ["traces", "data"].flatMap((folder) => {
    const root = join(packageDir, folder);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  });
}

/** Names of the first files of a folder, none if it cannot be read. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .slice(0, LARGEST_FOLDER)
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Suggestions from larger folders are not worth the time. */
const LARGEST_FOLDER = 1000;
