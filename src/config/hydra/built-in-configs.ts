/**
 * Hydra's own configs, with servesweep's sweeper beside them. They are data instead of YAML texts, because a first
 * composition reads nine of them: 5 ms of its 28.
 */
import type { MapType } from "../tree/node-type.ts";
import type { PlainMap } from "../values/plain.ts";
import { BASIC_LAUNCHER, BASIC_SWEEPER, COMBINED_SWEEPER, COMBINED_SWEEPER_NODE, HYDRA } from "./node-types.ts";

export interface BuiltInConfig {
  readonly values: PlainMap;
  readonly type?: MapType;
  /** Option by group, relative to the config. */
  readonly defaults?: Readonly<Record<string, string | null>>;
  readonly packageHeader?: string;
}

const LOGGING = { version: 1, root: { level: "INFO" }, disable_existing_loggers: false };
const NO_LOGGING = { version: 1, root: { handlers: [] }, disable_existing_loggers: false };

export const BUILT_IN_CONFIGS: Readonly<Record<string, BuiltInConfig>> = {
  "hydra/config": {
    type: HYDRA,
    defaults: {
      output: "default",
      launcher: "basic",
      sweeper: "basic",
      help: "default",
      hydra_help: "default",
      hydra_logging: "default",
      job_logging: "default",
      callbacks: null,
      env: "default",
    },
    values: {
      mode: null,
      searchpath: [],
      run: { dir: "???" },
      sweep: { dir: "???", subdir: "???" },
      hydra_logging: "???",
      job_logging: "???",
      sweeper: "???",
      launcher: "???",
      callbacks: {},
      help: { app_name: "???", header: "???", footer: "???", template: "???" },
      hydra_help: { hydra_help: "???", template: "???" },
      output_subdir: ".hydra",
      overrides: { hydra: [], task: [] },
      job: {
        name: "???",
        chdir: null,
        override_dirname: "???",
        id: "???",
        num: "???",
        config_name: "???",
        env_set: {},
        env_copy: [],
        config: { override_dirname: { kv_sep: "=", item_sep: ",", exclude_keys: [] } },
      },
      runtime: {
        version: "???",
        version_base: "???",
        cwd: "???",
        config_sources: "???",
        output_dir: "???",
        choices: {},
      },
      verbose: false,
    },
  },
  "hydra/output/default": {
    packageHeader: "hydra",
    values: {
      run: { dir: "outputs/${now:%Y-%m-%d}/${now:%H-%M-%S}" },
      sweep: { dir: "multirun/${now:%Y-%m-%d}/${now:%H-%M-%S}", subdir: "${hydra.job.num}" },
    },
  },
  "hydra/launcher/basic": {
    type: BASIC_LAUNCHER,
    values: { _target_: "hydra._internal.core_plugins.basic_launcher.BasicLauncher" },
  },
  "hydra/sweeper/basic": {
    type: BASIC_SWEEPER,
    values: {
      _target_: "hydra._internal.core_plugins.basic_sweeper.BasicSweeper",
      max_batch_size: null,
      params: null,
    },
  },
  "hydra/sweeper/combined": {
    type: COMBINED_SWEEPER_NODE,
    values: { _target_: COMBINED_SWEEPER, max_batch_size: null, params: null, zip: null, points: null },
  },
  "hydra/help/default": { values: { app_name: "${hydra.job.name}", header: "", footer: "", template: "" } },
  "hydra/hydra_help/default": { values: { hydra_help: "???", template: "" } },
  "hydra/hydra_logging/default": { values: LOGGING },
  "hydra/hydra_logging/disabled": { values: NO_LOGGING },
  "hydra/hydra_logging/hydra_debug": { values: { ...LOGGING, root: { level: "DEBUG" } } },
  "hydra/hydra_logging/none": { values: { root: null } },
  "hydra/job_logging/default": { values: LOGGING },
  "hydra/job_logging/disabled": { values: NO_LOGGING },
  "hydra/job_logging/none": { values: { root: null } },
  "hydra/job_logging/stdout": { values: LOGGING },
  "hydra/env/default": { values: {} },
};
