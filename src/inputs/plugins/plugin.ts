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

export interface PluginComponent {
  readonly kind: PluginKind;
  readonly targets: readonly string[];
  /** JSON Schemas of the parameters that it has besides those of its kind, by their names. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of these. */
  readonly validator: Validator;
}

export interface Plugin {
  /** As the command names it. */
  readonly path: string;
  readonly file: InputFile;
  readonly components: readonly PluginComponent[];
}

type PluginFiles = Pick<RunSpec, "plugins" | "files">;

interface LoadedModule {
  readonly added: AddedComponents;
  readonly components: readonly PluginComponent[];
}

/** By the SHA-256 of their bytes: a module is evaluated once in a thread. */
const loadedModules = new Map<string, LoadedModule>();

/** `cwd` is the base of relative paths. Errors: SweepError `USAGE` for a file that cannot be read, `CONFIG` for one that is no plugin. */
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

/** Loads the plugins that a run names, in the thread that runs it. Errors: SweepError `FILE` for a file that has changed. */
export async function loadDeclaredPlugins({ plugins = [], files }: PluginFiles): Promise<void> {
  for (const path of plugins) {
    const sha256 = files.get(path)?.sha256 ?? "";
    if (!loadedModules.has(sha256)) await load(path, sha256, readDeclared(files, path));
  }
}

/** What the plugins of a run add; they are loaded before. */
export function addedComponents({ plugins = [], files }: PluginFiles): AddedComponents | undefined {
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

/** What `simulating` returns. Its errors that come out of a plugin are the user's. Errors: SweepError `SIMULATION`. */
export function blamingPlugins<T>({ plugins = [] }: Pick<RunSpec, "plugins">, simulating: () => T): T {
  try {
    return simulating();
  } catch (error) {
    const isOurs = error instanceof SweepError && error.code !== "INTERNAL";
    const place = isOurs || !(error instanceof Error) ? undefined : placeIn(plugins, error);
    if (place === undefined) throw error;
    throw new SweepError("SIMULATION", `the plugin failed at ${place}: ${(error as Error).message}`, { cause: error });
  }
}

/** The innermost line of a plugin in the error's stack, as `file:line:column`. */
function placeIn(plugins: readonly string[], { stack = "" }: Error): string | undefined {
  for (const line of stack.split("\n")) {
    for (const path of plugins) {
      const start = line.indexOf(`${encodeURI(path)}:`);
      if (start >= 0) return path + (/^:\d+:\d+/.exec(line.slice(start + encodeURI(path).length))?.[0] ?? "");
    }
  }
  return undefined;
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
    const reason = (error as Error).message.replace(/ from "data:.*$/, "");
    throw new SweepError("CONFIG", `--plugin: '${path}' cannot be loaded: ${reason}`, {
      hint: loadingHint(path, error as NodeJS.ErrnoException),
      cause: error,
    });
  }
}

function loadingHint(path: string, { name, code = "" }: NodeJS.ErrnoException): string | undefined {
  if (name === "SyntaxError") return `\`node --check ${path}\` shows where.`;
  if (!/RESOLVE|MODULE_NOT_FOUND|INVALID_URL/.test(code)) return undefined;
  return "A plugin is one file: it may import modules of Node (node:...), and bundles whatever else it needs.";
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
