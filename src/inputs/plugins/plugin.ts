/** A user's module of components: loaded from exactly the bytes that the ids of its runs are made from. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SweepError } from "../../errors.ts";
import type { Validator } from "../../schema/validate.ts";
import type { AddedComponents } from "../../sim/added-components.ts";
import { readDeclared } from "../declared-files.ts";
import type { InputFile, RunSpec } from "../run-spec.ts";
import type { PluginKind } from "./plugin-components.ts";

/** JSON Schemas of a component's own parameters, by their names. */
export type OwnParameters = Readonly<Record<string, unknown>>;

export interface PluginComponent {
  readonly kind: PluginKind;
  readonly targets: readonly string[];
  readonly parameters: OwnParameters;
  /** Of the parameters; others may be beside them. */
  readonly validator: Validator;
}

export interface Plugin {
  /** As the command names it. */
  readonly path: string;
  readonly file: InputFile;
  readonly components: readonly PluginComponent[];
}

interface LoadedModule {
  readonly added: AddedComponents;
  readonly components: readonly PluginComponent[];
}

/** By the SHA-256 of their bytes: a module is evaluated once in a thread. */
const loadedModules = new Map<string, LoadedModule>();

/** `cwd` is the base of relative paths. Errors: SweepError `FILE` and `CONFIG`, of all plugins at once where they clash. */
export async function loadPlugins(paths: readonly string[], cwd: string): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const path of new Set(paths)) {
    const absolutePath = resolve(cwd, path);
    let bytes: Buffer;
    try {
      bytes = readFileSync(absolutePath);
    } catch (error) {
      throw new SweepError("USAGE", `--plugin: cannot read '${path}': ${(error as Error).message}.`, { cause: error });
    }
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const { components } = await load(path, sha256, bytes);
    plugins.push({ path, file: { absolutePath, sha256 }, components });
  }
  requireDistinct(plugins);
  return plugins;
}

/** Loads the plugins that a run names, in the thread that runs it. Errors: as `loadPlugins`, and `FILE` for a changed file. */
export async function loadDeclaredPlugins({ plugins = [], files }: Pick<RunSpec, "plugins" | "files">): Promise<void> {
  for (const path of plugins) {
    const { sha256 } = files.get(path) ?? {};
    if (sha256 === undefined || !loadedModules.has(sha256)) {
      const bytes = readDeclared(files, path);
      await load(path, createHash("sha256").update(bytes).digest("hex"), bytes);
    }
  }
}

/** What the plugins of a run add; they are loaded before. */
export function addedComponents({
  plugins = [],
  files,
}: Pick<RunSpec, "plugins" | "files">): AddedComponents | undefined {
  if (plugins.length === 0) return undefined;
  const added = plugins.map((path) => {
    const module = loadedModules.get(files.get(path)?.sha256 ?? "");
    if (module === undefined) throw new SweepError("INTERNAL", `the plugin '${path}' is used before it is loaded`);
    return module.added;
  });
  return {
    schedulers: added.flatMap(({ schedulers }) => schedulers),
    globalPolicies: added.flatMap(({ globalPolicies }) => globalPolicies),
    localOrders: added.flatMap(({ localOrders }) => localOrders),
  };
}

async function load(path: string, sha256: string, bytes: Buffer): Promise<LoadedModule> {
  const known = loadedModules.get(sha256);
  if (known !== undefined) return known;
  // The compiler of its schemas is slow to load.
  const { componentsOf } = await import("./plugin-components.ts");
  const loaded = componentsOf(path, await evaluate(path, bytes));
  loadedModules.set(sha256, loaded);
  return loaded;
}

/** From a data URL: what is evaluated is what was hashed, and such a module cannot import files that have no part in the hash. */
async function evaluate(path: string, bytes: Buffer): Promise<Readonly<Record<string, unknown>>> {
  const named = `${bytes.toString("utf8")}\n//# sourceURL=${encodeURI(path)}\n`;
  try {
    return await import(`data:text/javascript;base64,${Buffer.from(named).toString("base64")}`);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const importsFile = code?.includes("RESOLVE") || code === "ERR_MODULE_NOT_FOUND" || code === "ERR_INVALID_URL";
    throw new SweepError(
      "CONFIG",
      `--plugin: '${path}' cannot be loaded: ${message.replaceAll(/'data:[^']*'/g, "it")}`,
      {
        hint: importsFile
          ? "A plugin is one file: it may import modules of Node (node:...), and bundles whatever else it needs."
          : undefined,
        cause: error,
      },
    );
  }
}

function requireDistinct(plugins: readonly Plugin[]): void {
  const owners = new Map<string, string>();
  for (const { path, components } of plugins) {
    for (const target of components.flatMap(({ targets }) => targets)) {
      const owner = owners.get(target);
      if (owner !== undefined) {
        throw new SweepError("CONFIG", `--plugin: both '${owner}' and '${path}' register '${target}'.`);
      }
      owners.set(target, path);
    }
  }
}
