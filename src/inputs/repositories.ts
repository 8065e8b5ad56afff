/** Repositories: folders of YAML files, one per item, that a configuration refers to by name. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { readYaml } from "../config/index.ts";
import { ConfigError } from "../errors.ts";
import { type ItemKind, validateItem } from "../schema/validate.ts";

export interface Repository<Item> {
  /** Items by their `name`, or by their file's name if they have none. */
  readonly items: ReadonlyMap<string, Item>;
  /** Absolute paths of all files, in order of their names. */
  readonly files: readonly string[];
}

const read = new Map<string, Repository<unknown>>();

/** Reads `.yaml` and `.yml` files, once per process and folder. Errors: ConfigError for a file that is no valid item. */
export function readRepository<Item>(absolutePath: string, kind: ItemKind): Repository<Item> {
  const identity = `${kind}:${absolutePath}`;
  let repository = read.get(identity) as Repository<Item> | undefined;
  if (repository === undefined) {
    repository = readFolder<Item>(absolutePath, kind);
    read.set(identity, repository);
  }
  return repository;
}

function readFolder<Item>(absolutePath: string, kind: ItemKind): Repository<Item> {
  const files = readdirSync(absolutePath)
    .filter((name) => [".yaml", ".yml"].includes(extname(name)))
    .sort()
    .map((name) => join(absolutePath, name));
  const items = new Map<string, Item>();
  for (const file of files) {
    const { value, originOf } = readYaml(readFileSync(file, "utf8"), file);
    validateItem(kind, value, (path) => {
      const origin = originOf(path);
      return origin?.kind === "file" ? origin : { file };
    });
    const named = value as { readonly name?: string };
    const name = named.name ?? basename(file, extname(file));
    if (items.has(name)) {
      throw new ConfigError("duplicate_name", `Two files define '${name}'.`, { position: { file } });
    }
    items.set(name, value as Item);
  }
  return { items, files };
}
