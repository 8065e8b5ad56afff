/** Settings of the launchers: the config group `hydra/launcher`. */
import Type, { type Static } from "typebox";

const exact = { additionalProperties: false };
const optionalText = (description: string) => Type.Union([Type.Null(), Type.String({ minLength: 1, description })]);
/** No option that runs or writes anything: configurations are not trusted. */
const SBATCH_OPTION =
  "^--(begin|clusters|comment|constraint|contiguous|deadline|distribution|exclude|exclusive|gpus|gpus-per-task|gres|hint|licenses|mem-per-cpu|mincpus|nice|nodelist|nodes|oversubscribe|prefer|priority|qos|reservation|spread-job|switches|threads-per-core|tmp|wckey)(=[^\\0]*)?$";
const optionalCount = (description: string) => Type.Union([Type.Null(), Type.Integer({ minimum: 1, description })]);

/** SplitwiseSim's configuration has settings of Ray here, which mean nothing to threads. */
const threadsSchema = Type.Object({ _target_: Type.Enum(["launchers.Threads"]) });

const inlineSchema = Type.Object({ _target_: Type.Enum(["launchers.Inline"]) }, exact);

const bullmqSchema = Type.Object(
  {
    _target_: Type.Enum(["launchers.BullMq"]),
    url: optionalText(
      "redis://HOST:PORT or rediss://HOST:PORT, without a password; null: SERVESWEEP_REDIS_URL, or this machine",
    ),
    queue: Type.String({ pattern: "^[A-Za-z0-9_.-]+$", description: "Name that the workers are given, too" }),
    jobs_in_queue: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: "Jobs in the queue at a time, at least as many as all workers run at once",
    }),
    patience: Type.Number({
      exclusiveMinimum: 0,
      description: "Seconds that the server may be away before the sweep stops",
    }),
  },
  exact,
);

const slurmSchema = Type.Object(
  {
    _target_: Type.Enum(["launchers.Slurm"]),
    runs_per_task: Type.Integer({ minimum: 1, description: "Runs of each array task, which costs Slurm about 1 s" }),
    tasks_at_once: optionalCount("Array tasks that run at a time; null: as many as Slurm lets"),
    cpus_per_task: Type.Integer({ minimum: 1, description: "Cores of a task, and runs that it does at a time" }),
    partition: optionalText("--partition of sbatch"),
    account: optionalText("--account of sbatch"),
    time_limit: optionalText("--time of sbatch, for a task"),
    memory: optionalText("--mem of sbatch, for a task"),
    sbatch_options: Type.Array(Type.String({ pattern: SBATCH_OPTION }), {
      description: "Further options of sbatch that say where and when tasks run, such as --constraint=x",
    }),
    poll_interval: Type.Number({ minimum: 0.1, description: "Seconds from one look at the queue to the next" }),
    resubmissions: Type.Integer({
      minimum: 0,
      description: "How often a run is submitted again whose task ended without its result",
    }),
  },
  exact,
);

export const launcherSchema = Type.Union([threadsSchema, inlineSchema, bullmqSchema, slurmSchema]);

export type LauncherSettings = Static<typeof launcherSchema>;
export type BullmqSettings = Static<typeof bullmqSchema>;
export type SlurmSettings = Static<typeof slurmSchema>;
