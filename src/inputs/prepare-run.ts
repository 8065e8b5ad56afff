/** Turns a composition into a run: validated, with its repositories read, its input files found, and its id. */
import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { Composition } from "../config/index.ts";
import { chosenOutputs } from "../results/run-files.ts";
import { type ItemKind, type Locate, validateItem, validateRunConfig } from "../schema/validate.ts";
import type { ProcessorParameters, SkuParameters } from "../sim/cluster/cluster.schema.ts";
import { withOwnParameters } from "../sim/own-parameters.ts";
import type { AllocatorParameters, SchedulerParameters } from "../sim/scheduler/scheduler.schema.ts";
import { expandModels } from "../sim/swapping/expand-models.ts";
import type { ModelArchitecture, ModelSize } from "../sim/workload/model.ts";
import { type FileFingerprint, runId } from "../sweep/run-id.ts";
import { type TraceConfig, traceFiles } from "../traces/load-trace.ts";
import { namedTrace, namesLike } from "../traces/named-traces.ts";
import { refuseIdleTraceKeys } from "./idle-trace-keys.ts";
import { locateIn, withOrigins } from "./locate-error.ts";
import { withComputedSizes } from "./model-sizes.ts";
import type { PathResolver, ResolvedPath } from "./path-resolver.ts";
import { performanceFiles } from "./performance-files.ts";
import type { Plugin } from "./plugins/plugin.ts";
import { PluginNodes } from "./plugins/plugin-nodes.ts";
import { type Repository, readRepository } from "./repositories.ts";
import type { InputFile, RunSpec } from "./run-spec.ts";
import { settingNotes } from "./setting-notes.ts";
import { completeSplitwiseConfig, IMPLIED_COMPAT_NOTE, impliesCompat, isSplitwiseConfig } from "./splitwise-config.ts";

export interface PreparedRun {
  readonly runId: string;
  readonly composition: Composition;
  readonly inputs: Omit<RunSpec, "records">;
  /** Of every file that the run reads. */
  readonly fingerprints: readonly FileFingerprint[];
  /** What the user should know before the run, such as a shipped file used for a missing one. */
  readonly notes: readonly string[];
}

type Config = RunSpec["config"];

/**
 * What a worker gets: the inputs, and the texts that record how the run was composed (half the cost of preparing it), which
 * a run without outputs does not keep. `sweepRuns`: runs of the sweep that the run belongs to.
 */
export function runSpecOf({ composition, inputs }: PreparedRun, sweepRuns = 1): RunSpec {
  const { config } = inputs;
  const outputs = [...chosenOutputs(config.results.outputs, sweepRuns)];
  const records = () =>
    new Map([
      ["config.yaml", composition.toYaml("job")],
      ["hydra.yaml", composition.toYaml("hydra")],
      ["overrides.yaml", stringify(composition.taskOverrides)],
    ]);
  return {
    ...inputs,
    config: { ...config, results: { ...config.results, outputs } },
    records: outputs.length > 0 ? records() : new Map(),
  };
}

export interface PrepareOptions {
  /** This process has prepared the same run before, and its configuration was valid: that is not looked at again. */
  readonly isKnownValid?: boolean;
  readonly plugins?: readonly Plugin[];
}

/** Errors: ConfigError for an invalid config, a missing file or folder, or a malformed repository item. */
export function prepareRun(
  composition: Composition,
  resolver: PathResolver,
  options: PrepareOptions = {},
): PreparedRun {
  return withOrigins(composition, () => prepare(composition, resolver, options));
}

function prepare(
  composition: Composition,
  resolver: PathResolver,
  { isKnownValid, plugins: loaded = [] }: PrepareOptions,
): PreparedRun {
  const pluginNodes = new PluginNodes(loaded);
  const composed = composition.resolved();
  const isSplitwise = isSplitwiseConfig(composed);
  const resolved = isSplitwise ? completeSplitwiseConfig(composed) : composed;
  if (!isKnownValid) validateRunConfig(pluginNodes.standIns(resolved), locateIn(composition));
  const composedConfig = resolved as unknown as Config;
  if (!isKnownValid) pluginNodes.validate(composedConfig, locateIn(composition));
  const applications = expandModels(composedConfig.swapping, composedConfig.applications);
  const config = { ...composedConfig, applications };
  const inputs = new InputCollector(resolver);
  if (isSplitwise && impliesCompat(composed)) inputs.notes.push(IMPLIED_COMPAT_NOTE);
  const { hardware_repo: hardware, model_repo: models, orchestrator_repo: orchestrator } = config;
  const repositories = {
    processors: inputs.repository<ProcessorParameters>(hardware.processors, "processor", "hardware_repo.processors"),
    skus: inputs.repository<SkuParameters>(hardware.skus, "sku", "hardware_repo.skus"),
    architectures: inputs.repository<ModelArchitecture>(
      models.architectures,
      "architecture",
      "model_repo.architectures",
    ),
    sizes: inputs.repository<ModelSize>(models.sizes, "modelSize", "model_repo.sizes"),
    schedulers: inputs.repository<SchedulerParameters>(
      orchestrator.schedulers,
      "scheduler",
      "orchestrator_repo.schedulers",
    ),
    allocators: inputs.repository<AllocatorParameters>(
      orchestrator.allocators,
      "allocator",
      "orchestrator_repo.allocators",
    ),
  };
  config.applications.forEach(({ allocator, allocator_parameters: own }, index) => {
    const path = `applications.${index}.allocator_parameters`;
    const chosen = repositories.allocators.get(allocator);
    if (chosen === undefined || own === undefined) return;
    validateItem("allocator", withOwnParameters(chosen, own), (inner) => locateIn(composition)(`${path}.${inner}`));
  });
  for (const { path, role, key } of performanceFiles(config.performance_model)) {
    inputs.file(path, role, `performance_model.${key}`);
  }
  refuseIdleTraceKeys(config.trace, composition);
  const trace = inputs.trace(config.trace);
  const schedulers = schedulersOf(config, repositories.schedulers, pluginNodes, locateIn(composition));
  const chosen = config.applications.map(({ scheduler }) => schedulers.get(scheduler));
  const plugins = pluginNodes.usedBy(config, chosen);
  for (const plugin of plugins) inputs.plugin(plugin);
  inputs.notes.push(...settingNotes(config, schedulers, (path) => composition.originOf(path)));
  if (config.results.sample_interval != null && !chosenOutputs(config.results.outputs).has("samples")) {
    inputs.notes.push("results.sample_interval has no effect: results.outputs does not ask for samples");
  }
  return {
    runId: runId(resolved, inputs.fingerprints),
    composition,
    fingerprints: inputs.fingerprints,
    inputs: {
      config: { ...config, trace },
      ...repositories,
      sizes: withComputedSizes(config.applications, repositories.architectures, repositories.sizes),
      schedulers,
      files: inputs.files,
      ...(plugins.length === 0 ? {} : { plugins: plugins.map(({ path }) => path) }),
    },
    notes: inputs.notes,
  };
}

class InputCollector {
  readonly files = new Map<string, InputFile>();
  readonly fingerprints: FileFingerprint[] = [];
  readonly notes: string[] = [];
  readonly #resolver: PathResolver;

  constructor(resolver: PathResolver) {
    this.#resolver = resolver;
  }

  /** `alike` are other names that may have been meant. */
  file(path: string, role: string, key: string, alike: readonly string[] = []): void {
    this.#add(path, role, this.#resolver.resolve(path, "file", key, alike));
  }

  #add(path: string, role: string, { absolutePath, note }: ResolvedPath): void {
    const sha256 = this.#resolver.fingerprint(absolutePath);
    this.files.set(path, { absolutePath, sha256 });
    this.fingerprints.push({ role, path, sha256 });
    if (note !== undefined) this.notes.push(note);
  }

  plugin({ path, file }: Plugin): void {
    this.files.set(path, file);
    this.fingerprints.push({ role: "plugin", path, sha256: file.sha256 });
  }

  /** The trace to load: the configured one, or what generates a named trace that has no file. */
  trace(trace: TraceConfig): TraceConfig {
    const files = traceFiles(trace);
    const isMissing = files.some(({ path, key }) => this.#resolver.find(path, "file", key) === undefined);
    const named = isMissing ? namedTrace(trace) : undefined;
    if (named === undefined) {
      for (const { path, key } of files) this.file(path, "trace", key, namesLike(path));
      return trace;
    }
    this.fingerprints.push({ role: "named trace", sha256: createHash("sha256").update(named.identity).digest("hex") });
    this.notes.push(named.note);
    for (const { path } of traceFiles(named.parameters)) this.#add(path, "trace", this.#resolver.shipped(path));
    return named.parameters;
  }

  repository<Item>(path: string, kind: ItemKind, key: string): ReadonlyMap<string, Item> {
    const { absolutePath } = this.#resolver.resolve(path, "directory", key);
    const { items, sha256 }: Repository<Item> = readRepository(absolutePath, kind);
    this.fingerprints.push({ role: key, sha256 });
    return items;
  }
}

/** The scheduler that the group chose (if there is that group) may be overridden, so it replaces its file of the same name. */
function schedulersOf(
  { scheduler, applications }: Config,
  files: ReadonlyMap<string, SchedulerParameters>,
  pluginNodes: PluginNodes,
  locate: Locate,
): ReadonlyMap<string, SchedulerParameters> {
  const schedulers = new Map(files);
  if (scheduler?.name !== undefined) schedulers.set(scheduler.name, scheduler);
  applications.forEach((application, index) => {
    const chosen = schedulers.get(application.scheduler);
    const path = `applications.${index}.scheduler_parameters`;
    const own = application.scheduler_parameters;
    // A name that is in no repository is refused later.
    if (chosen === undefined || own === undefined) return;
    const parameters = withOwnParameters(chosen, own);
    const locateOwn = (inner: string) => locate(`${path}.${inner}`);
    validateItem("scheduler", pluginNodes.standIn("schedulers", parameters), locateOwn);
    pluginNodes.validateNode("schedulers", parameters, locateOwn);
  });
  return schedulers;
}
