/** Where sweeps are allowed. */
import { ConfigError } from "../../errors.ts";
import { isHydraOverride, isSweepOverride, type Override } from "../override/value.ts";

/**
 * @throws {ConfigError} `ambiguous_sweep_in_single_run`, `sweep_requires_multirun`, `sweep_over_hydra_config`.
 */
export function requireLegalSweeps(overrides: readonly Override[], multirun: boolean): void {
  for (const override of overrides) {
    if (!isSweepOverride(override)) continue;
    if (!multirun) throw singleRunError(override);
    if (isHydraOverride(override)) {
      throw new ConfigError(
        "sweep_over_hydra_config",
        `Cannot sweep over '${override.text}': hydra's own configuration is the same for all jobs.`,
      );
    }
  }
}

function singleRunError(override: Override): ConfigError {
  const { text } = override;
  if (override.valueKind !== "simple_choice_sweep") {
    return new ConfigError("sweep_requires_multirun", `'${text}' is a sweep.`, { hint: "Add --multirun to run it." });
  }
  const split = text.indexOf("=");
  const [key, value] = [text.slice(0, split), text.slice(split + 1)];
  return new ConfigError("ambiguous_sweep_in_single_run", `'${text}' has several values in a single run.`, {
    hint: `As a list: ${key}=[${value}]. As text: "${key}='${value.replaceAll("'", "\\'")}'". To sweep over them add --multirun.`,
  });
}
