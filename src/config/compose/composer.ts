/** Composes configurations from a search path and overrides, and expands sweeps into jobs. */
import { ConfigError, throwTogether } from "../../errors.ts";
import { affectsDefaults, classifyOverrides } from "../defaults/group-choices.ts";
import { type DefaultsListEntry, flattenDefaults } from "../defaults/list.ts";
import { DefaultsTreeBuilder, type TreeNode } from "../defaults/tree.ts";
import { builtInSource } from "../hydra/built-in-source.ts";
import { COMBINED_SWEEPER } from "../hydra/node-types.ts";
import type { ResolverEnvironment } from "../interpolation/resolver-contract.ts";
import { parseOverrides } from "../override/parse-overrides.ts";
import { isHydraOverride, isSweepOverride, type Override, overrideKey } from "../override/value.ts";
import type { ConfigRepository } from "../sources/repository.ts";
import { SourceCache } from "../sources/source-cache.ts";
import { nodesEqual } from "../tree/equal.ts";
import { type ConfigNode, listNode, type MapNode, mapNode } from "../tree/node.ts";
import { BUILT_IN } from "../tree/origin.ts";
import { nodeAt } from "../tree/path.ts";
import { NULL, str } from "../values/scalar.ts";
import { readYamlTree } from "../yaml/reader.ts";
import { mergeDefaults } from "./base.ts";
import { combinedSweeper } from "./combined-sweeper.ts";
import { Composition } from "./composition.ts";
import { applyEdits } from "./edit.ts";
import { warnOfMistakenGroup } from "./mistaken-group.ts";
import { permutation } from "./permutation.ts";
import { literal, overrideDirname, type SharedFacts, withRuntimeFacts } from "./runtime.ts";
import { buildRepository, extraSearchPath, type SearchPathContext, type SearchPathEntry } from "./search-path.ts";
import { requireLegalSweeps } from "./sweep-rules.ts";
import { basicSweeper, type SweptJobs } from "./sweeper.ts";

export interface ComposerOptions {
  /** The first is the primary directory. The first that has a config wins; options of a group are the union. */
  readonly searchPath: readonly SearchPathEntry[];
  /** Name of the primary config without `.yaml`; null for none. */
  readonly configName: string | null;
  /** `hydra.job.name`; default `app`. */
  readonly jobName?: string;
  /** For `oc.env`; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For `now:`; default the time of construction. */
  readonly now?: Date;
  /** Base of relative directories in `hydra.searchpath`; default `process.cwd()`. */
  readonly cwd?: string;
  /** YAML of values in the built-in `hydra` node that differ, e.g. `run: {dir: results}`. */
  readonly hydraDefaults?: string;
  readonly cache?: SourceCache;
}

export interface ComposeContext {
  /** In `multirun`, sweeps are allowed (and left out) and groups may lack a choice. Default `run`. */
  readonly mode?: "run" | "multirun";
  /** Set for a job of a sweep. */
  readonly jobNumber?: number;
  readonly jobId?: string;
  /**
   * Keys (`~key`) that the sweep's command line deletes without naming a value. In the overrides of a job they read
   * `~key=null`, yet delete whatever the value is. Default: every `~key=null` of a job does.
   */
  readonly bareDeletions?: ReadonlySet<string>;
}

export interface SweepJob {
  readonly number: number;
  /** Task overrides of this job; the `hydra` overrides of the master are constant and come on top. */
  readonly overrides: readonly string[];
}

/** A sweep's own configuration and its jobs. */
export interface Expansion extends Omit<SweptJobs, "jobs"> {
  /** Composed from the overrides that are the same in all jobs. */
  readonly master: Composition;
  readonly jobs: readonly SweepJob[];
}

/** What all compositions with the same choices share. */
interface Base {
  readonly tree: MapNode;
  readonly choices: ReadonlyMap<string, string | null>;
  readonly hydraChoices: ReadonlyMap<string, string | null>;
  readonly defaultsList: readonly DefaultsListEntry[];
  readonly defaultsTree: TreeNode;
  readonly shared: SharedFacts;
}

const DEFAULT_MAX_JOBS = 1_000_000;
const MAX_CACHED_BASES = 4096;

export class Composer {
  readonly options: ComposerOptions;
  readonly environment: ResolverEnvironment;
  readonly searchPath: SearchPathContext;
  readonly hydraValues: MapNode | undefined;
  readonly repositories = new Map<string, ConfigRepository>();
  readonly bases = new Map<string, Base>();
  readonly warnings: string[] = [];

  constructor(options: ComposerOptions) {
    this.options = options;
    this.environment = {
      env: options.env ?? process.env,
      now: options.now ?? new Date(),
      warn: (message) => {
        if (!this.warnings.includes(message)) this.warnings.push(message);
      },
    };
    this.searchPath = {
      entries: options.searchPath,
      builtIn: builtInSource(),
      cache: options.cache ?? new SourceCache(),
      environment: this.environment,
      cwd: options.cwd ?? process.cwd(),
    };
    this.hydraValues = readHydraDefaults(options.hydraDefaults);
  }

  /**
   * @throws {OverrideError} when an override does not parse.
   * @throws {ConfigError} when the configuration cannot be composed; `label` names the rule.
   */
  compose(overrides: readonly string[], context: ComposeContext = {}): Composition {
    const parsed = parseOverrides(overrides);
    const repository = this.repositoryFor(parsed);
    const multirun = context.mode === "multirun";
    requireLegalSweeps(parsed, multirun);
    const fixed = parsed.filter((override) => !isSweepOverride(override));
    const base = this.baseFor(fixed, repository, multirun);
    const edits = fixed.filter((override) => isEdit(override, repository));
    const deletesAnything = (override: Override): boolean =>
      context.jobNumber !== undefined && (context.bareDeletions?.has(overrideKey(override)) ?? true);
    const groups = () => repository.allGroups();
    const edited = applyEdits(base.tree, edits, { environment: this.environment, deletesAnything, groups });
    // A sweep's own configuration has been looked at before its jobs.
    if (context.jobNumber === undefined) {
      for (const edit of edits) warnOfMistakenGroup(edit, repository, this.environment);
    }
    return this.finish(edited, base, parsed, context);
  }

  /**
   * The jobs of a sweep: the product of all dimensions, `hydra.sweeper.params` first, the last one running fastest.
   * With the sweeper option `combined` also zipped keys and listed points.
   * @throws {OverrideError}
   * @throws {ConfigError} `sweep_too_large` before anything is listed when there are more than `maxJobs`
   * (default 1,000,000).
   */
  expand(overrides: readonly string[], options: { maxJobs?: number } = {}): Expansion {
    const master = this.composeMaster(overrides);
    const repository = this.repositoryFor(parseOverrides(overrides));
    const sweeper = master.select("hydra.sweeper._target_") === COMBINED_SWEEPER ? combinedSweeper : basicSweeper;
    const swept = sweeper(master, {
      maxJobs: options.maxJobs ?? DEFAULT_MAX_JOBS,
      groupOptions: (group) => repository.options(group),
      shuffle: permutation,
    });
    return { ...swept, master, jobs: swept.jobs.map((list, number) => ({ number, overrides: list })) };
  }

  /**
   * The configuration of one job of a sweep.
   * @throws {ConfigError} `sweep_changes_launcher`, or as `compose`.
   */
  composeJob(expansion: Expansion, job: SweepJob): Composition {
    const { master } = expansion;
    const composition = this.compose([...master.hydraOverrides, ...job.overrides], {
      jobNumber: job.number,
      jobId: String(job.number),
      bareDeletions: expansion.bareDeletions,
    });
    for (const part of ["launcher", "sweeper"]) requireSame(master, composition, part, job);
    return composition;
  }

  /** How a configuration wants to be run: `hydra.mode`, a single run unless it says otherwise. */
  mode(overrides: readonly string[]): "run" | "multirun" {
    const mode = this.compose(overrides, { mode: "multirun" }).select("hydra.mode");
    return mode === "MULTIRUN" ? "multirun" : "run";
  }

  /** All config groups on the search path, for completion and suggestions. */
  groups(overrides: readonly string[] = []): string[] {
    return this.repositoryFor(parseOverrides(overrides)).allGroups();
  }

  /** Options of a config group, sorted. */
  groupOptions(group: string, overrides: readonly string[] = []): string[] {
    return this.repositoryFor(parseOverrides(overrides)).options(group);
  }

  /** Providers and places of the search path, in order. */
  sources(overrides: readonly string[] = []): { provider: string; location: string; available: boolean }[] {
    return this.repositoryFor(parseOverrides(overrides)).sources.map((source) => ({
      provider: source.provider,
      location: source.location,
      available: source.isAvailable(),
    }));
  }

  /** Composed without the swept choices, so a key that only some of them have is not there yet: said in the error. */
  private composeMaster(overrides: readonly string[]): Composition {
    try {
      return this.compose(overrides, { mode: "multirun" });
    } catch (error) {
      if (!(error instanceof ConfigError) || error.label !== "key_not_in_struct") throw error;
      const parsed = parseOverrides(overrides);
      const repository = this.repositoryFor(parsed);
      const swept = parsed.filter((item) => isSweepOverride(item) && affectsDefaults(item, repository));
      const group = swept.map(overrideKey).find((key) => error.path?.startsWith(`${key.replaceAll("/", ".")}.`));
      if (group === undefined) throw error;
      const explained = new ConfigError(error.label, error.message, {
        cause: error,
        path: error.path,
        position: error.position,
        hint:
          `'${group}' is swept: overrides that are the same in all jobs must fit before one of its options is chosen. ` +
          `Use ++ instead, which adds the key to options that lack it, or list points (hydra.sweeper.points).`,
      });
      explained.others = error.others;
      throw explained;
    }
  }

  private repositoryFor(overrides: readonly Override[]): ConfigRepository {
    const override = overrides.find((candidate) => overrideKey(candidate) === "hydra.searchpath");
    const key = override?.text ?? "";
    let repository = this.repositories.get(key);
    if (repository === undefined) {
      const plain = buildRepository(this.searchPath, undefined);
      const { configName } = this.options;
      const primary = configName === null ? undefined : plain.load(configName);
      if (primary !== undefined && primary.tree.kind !== "map") {
        throw new ConfigError("primary_config_not_a_mapping", `The primary config '${configName}' must be a mapping.`, {
          position: { file: primary.file, line: 1, column: 1 },
        });
      }
      const extra = extraSearchPath(overrides, primary?.tree, this.environment);
      repository = extra === undefined ? plain : buildRepository(this.searchPath, extra);
      this.repositories.set(key, repository);
    }
    return repository;
  }

  private baseFor(overrides: readonly Override[], repository: ConfigRepository, multirun: boolean): Base {
    const relevant = overrides.filter((override) => affectsDefaults(override, repository));
    const key = `${multirun}\0${relevant.map((override) => override.text).join("\0")}`;
    let base = this.bases.get(key);
    if (base === undefined) {
      base = this.composeBase(relevant, repository, multirun);
      if (this.bases.size >= MAX_CACHED_BASES) this.bases.clear();
      this.bases.set(key, base);
    }
    return base;
  }

  private composeBase(overrides: readonly Override[], repository: ConfigRepository, multirun: boolean): Base {
    const { choices } = classifyOverrides(overrides, repository);
    const builder = new DefaultsTreeBuilder(repository, choices, { skipMissing: multirun });
    const defaultsTree = builder.build(this.options.configName);
    const defaultsList = flattenDefaults(defaultsTree);
    throwTogether(choices.unusedErrors(repository));
    const tree = mergeDefaults(defaultsList, this.environment, this.hydraValues);
    const known = [...choices.known];
    return {
      tree,
      choices: new Map(known.filter(([group]) => !group.startsWith("hydra/"))),
      hydraChoices: new Map(known.filter(([group]) => group.startsWith("hydra/"))),
      defaultsList,
      defaultsTree,
      shared: this.sharedFacts(choices.known, repository),
    };
  }

  private sharedFacts(known: ReadonlyMap<string, string | null>, repository: ConfigRepository): SharedFacts {
    const choices = [...known].map(
      ([group, option]) => [group, literal(option === null ? NULL : str(option))] as const,
    );
    const sources = repository.sources.map((source): ConfigNode => {
      const fields = { path: source.location, schema: "file", provider: source.provider };
      return mapNode(new Map(Object.entries(fields).map(([key, text]) => [key, literal(str(text))])), BUILT_IN);
    });
    return {
      choices: mapNode(new Map(choices), BUILT_IN),
      cwd: literal(str(this.searchPath.cwd)),
      sources: listNode(sources, BUILT_IN),
    };
  }

  private finish(tree: MapNode, base: Base, parsed: readonly Override[], context: ComposeContext): Composition {
    const task = parsed.filter((override) => !isHydraOverride(override));
    const taskOverrides = task.map((override) => override.text);
    const hydraOverrides = parsed.filter(isHydraOverride).map((override) => override.text);
    const dirname = overrideDirname(task, tree.entries.get("hydra"));
    const { configName } = this.options;
    const facts = {
      hydraOverrides,
      taskOverrides,
      overrideDirname: dirname,
      jobName: this.options.jobName ?? "app",
      configName,
      jobNumber: context.jobNumber,
      jobId: context.jobId,
      env: this.environment.env,
    };
    const complete = withRuntimeFacts(tree, facts, base.shared);
    const { choices, hydraChoices, defaultsList, defaultsTree } = base;
    return new Composition(
      complete,
      {
        choices,
        hydraChoices,
        defaultsList,
        defaultsTree,
        taskOverrides,
        hydraOverrides,
        overrideDirname: dirname,
        configName,
        warnings: this.warnings,
      },
      this.environment,
    );
  }
}

function isEdit(override: Override, repository: ConfigRepository): boolean {
  if (override.key === "hydra.searchpath") return true;
  if (override.value.type === "dict" && override.type !== "del") return true;
  return !affectsDefaults(override, repository);
}

function readHydraDefaults(text: string | undefined): MapNode | undefined {
  const tree = text === undefined ? undefined : readYamlTree(text, "<hydra defaults>");
  if (tree === undefined) return undefined;
  if (tree.kind === "map") return tree;
  throw new ConfigError("yaml_error", "The hydra defaults must be a mapping.");
}

function requireSame(master: Composition, job: Composition, part: string, sweepJob: SweepJob): void {
  const before = nodeAt(master.tree, ["hydra", part]);
  const after = nodeAt(job.tree, ["hydra", part]);
  if (before === after || (before !== undefined && after !== undefined && nodesEqual(before, after))) return;
  throw new ConfigError(
    "sweep_changes_launcher",
    `Job ${sweepJob.number} (${sweepJob.overrides.join(" ")}) changes hydra.${part}.`,
    {
      path: `hydra.${part}`,
      hint: "Launcher and sweeper must be the same for all jobs: set them in the primary config or on the command line.",
    },
  );
}
