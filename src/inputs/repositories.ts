/** Repositories: folders of YAML files, one per item, that a configuration refers to by name. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { readYaml } from "../config/index.ts";
import { ConfigError } from "../errors.ts";
import { type ItemKind, validateItem } from "../schema/validate.ts";
import type { HuggingFaceParameters } from "../sim/workload/model.schema.ts";
import { architectureOf, isHuggingFace } from "./hugging-face.ts";

export interface Repository<Item> {
  /** Items by their `name`, or by their file's name if they have none. */
  readonly items: ReadonlyMap<string, Item>;
  /** Of the names and contents of all files. */
  readonly sha256: string;
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

/** A file that is also an option of a config group may have a defaults list, which composition alone reads. */
function withoutDefaults(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "defaults"));
}

function readFolder<Item>(absolutePath: string, kind: ItemKind): Repository<Item> {
  const fileNames = readdirSync(absolutePath)
    .filter((name) => [".yaml", ".yml"].includes(extname(name)))
    .sort();
  const items = new Map<string, Item>();
  const hash = createHash("sha256");
  for (const fileName of fileNames) {
    const file = join(absolutePath, fileName);
    const text = readFileSync(file, "utf8");
    hash.update(JSON.stringify([fileName, text]));
    const { value: written, originOf } = readYaml(text, file);
    const value = withoutDefaults(written);
    const isForeign = kind === "architecture" && isHuggingFace(value);
    validateItem(isForeign ? "huggingFaceModel" : kind, value, (path) => {
      const origin = originOf(path);
      return origin?.kind === "file" ? origin : { file };
    });
    const item = isForeign ? architectureOf(value as HuggingFaceParameters, file) : value;
    const named = item as { readonly name?: string };
    const name = named.name ?? basename(file, extname(file));
    if (items.has(name)) {
      throw new ConfigError("duplicate_name", `Two files define '${name}'.`, { position: { file } });
    }
    items.set(name, item as Item);
  }
  return { items, sha256: hash.digest("hex") };
}
