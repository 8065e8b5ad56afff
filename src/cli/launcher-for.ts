/** The launcher that a sweep's configuration names, with the options of the command line. */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { Composition } from "../config/index.ts";
import { ConfigError, SweepError } from "../errors.ts";
import { locateIn } from "../inputs/locate-error.ts";
import { PACKAGE_DIR, packageVersion } from "../inputs/package-info.ts";
import { RESULT_FORMAT_VERSION } from "../results/format-version.ts";
import { runOne } from "../run-one.ts";
import { validateItem } from "../schema/validate.ts";
import { bullmqLauncher } from "../sweep/launchers/bullmq/bullmq-launcher.ts";
import { holdsPassword, redisAddress } from "../sweep/launchers/bullmq/redis-address.ts";
import { inlineLauncher } from "../sweep/launchers/inline.ts";
import type { BullmqSettings, LauncherSettings, SlurmSettings } from "../sweep/launchers/launcher.schema.ts";
import type { Launcher } from "../sweep/launchers/launcher.ts";
import { quoted } from "../sweep/launchers/slurm/array-submission.ts";
import { slurmLauncher } from "../sweep/launchers/slurm/slurm-launcher.ts";
import { threadsLauncher } from "../sweep/launchers/threads.ts";
import type { CommandLine } from "./arguments.ts";

type LimitOptions = Pick<CommandLine, "workers" | "timeoutSeconds" | "memoryMebibytes" | "plugins">;

/** The settings in `hydra.launcher`, checked. Launchers of Hydra and its plugins stand for threads. */
export function launcherSettings(composition: Composition): LauncherSettings {
  const settings = composition.hydraResolved("launcher") as LauncherSettings;
  if (!String(settings._target_).startsWith("launchers.")) return { _target_: "launchers.Threads" };
  const locate = locateIn(composition);
  validateItem("launcher", settings, (path) => locate(`hydra.launcher.${path}`));
  if (settings._target_ === "launchers.BullMq" && settings.url !== null && holdsPassword(settings.url)) {
    throw new ConfigError(
      "secret_in_config",
      "hydra.launcher.url holds a password, and configurations are written to files.",
      {
        path: "hydra.launcher.url",
        hint: "Put the address into SERVESWEEP_REDIS_URL, or the password alone into SERVESWEEP_REDIS_PASSWORD.",
      },
    );
  }
  return settings;
}

/** Errors: SweepError `USAGE` for options that the launcher cannot keep to. */
export function launcherFor(options: LimitOptions, settings: LauncherSettings, sweepDir: string): Launcher {
  const { workers, timeoutSeconds, memoryMebibytes } = options;
  switch (settings._target_) {
    case "launchers.Inline":
      if (timeoutSeconds === undefined && memoryMebibytes === undefined) return inlineLauncher(runOne);
      throw new SweepError("USAGE", "--timeout and --memory need worker threads, and hydra/launcher is inline.", {
        hint: "Choose hydra/launcher=threads; --workers 1 runs one job at a time.",
      });
    case "launchers.BullMq":
      return bullmq(options, settings, sweepDir);
    case "launchers.Slurm":
      return slurm(options, settings, sweepDir);
    default:
      return threadsLauncher({
        workerUrl: builtWorker("worker"),
        threads: workers,
        timeoutSeconds,
        maxHeapMebibytes: memoryMebibytes,
      });
  }
}

function bullmq(options: LimitOptions, settings: BullmqSettings, sweepDir: string): Launcher {
  if (options.workers !== undefined || options.memoryMebibytes !== undefined) {
    throw new SweepError("USAGE", "With hydra/launcher=bullmq, --workers and --memory are for the workers to say.", {
      hint: "Give them to `sweep worker` on each machine.",
    });
  }
  if (options.plugins.length > 0) {
    throw new SweepError(
      "USAGE",
      "--plugin and hydra/launcher=bullmq exclude each other: no code goes through a queue.",
      {
        hint: "Choose hydra/launcher=threads or slurm.",
      },
    );
  }
  return bullmqLauncher({
    address: redisAddress(settings.url ?? undefined, process.env),
    queue: settings.queue,
    madeBy: madeBy(),
    sweepKey: sweepKey(sweepDir),
    jobsInQueue: settings.jobs_in_queue,
    patienceSeconds: settings.patience,
    timeoutSeconds: options.timeoutSeconds,
    onNote,
  });
}

function slurm(options: LimitOptions, settings: SlurmSettings, sweepDir: string): Launcher {
  if (options.workers !== undefined) {
    throw new SweepError("USAGE", "With hydra/launcher=slurm, --workers has no effect.", {
      hint: "Set hydra.launcher.tasks_at_once, or hydra.launcher.cpus_per_task.",
    });
  }
  return slurmLauncher({
    settings,
    folder: join(resolve(sweepDir), SLURM_FOLDER),
    sweepKey: sweepKey(sweepDir),
    taskCommand: [process.execPath, join(PACKAGE_DIR, "bin/sweep.js"), "__slurm-task"].map(quoted).join(" "),
    timeoutSeconds: options.timeoutSeconds,
    maxHeapMebibytes: options.memoryMebibytes,
    onNote,
  });
}

/** Reserved in the plan, so that no run is written there. */
const SLURM_FOLDER = "slurm-tasks";

function onNote(note: string): void {
  process.stderr.write(`sweep: ${note}\n`);
}

/** The same for a sweep that is resumed on this machine, another for any other sweep. */
function sweepKey(sweepDir: string): string {
  return createHash("sha256")
    .update(`${hostname()}\n${resolve(sweepDir)}`)
    .digest("hex")
    .slice(0, 16);
}

/** Of what program a job is, for workers to take only what they can do. */
export function madeBy(): string {
  return `servesweep ${packageVersion()} (results ${RESULT_FORMAT_VERSION})`;
}

/** Worker threads load built files only; from the sources (in tests) the build beside them serves. */
export function builtWorker(name: "worker" | "remote-worker"): URL {
  return new URL(import.meta.url.endsWith(".ts") ? `../../dist/cli/${name}.js` : `./${name}.js`, import.meta.url);
}
