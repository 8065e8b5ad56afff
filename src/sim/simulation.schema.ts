/** The whole resolved configuration of a run, less the trace, whose parameters belong to the trace readers. */
import Type, { type Static } from "typebox";
import { clusterSchema } from "./cluster/cluster.schema.ts";
import { performanceModelSchemas, powerModelSchemas } from "./performance/performance.schema.ts";
import { schedulerSchemas } from "./scheduler/scheduler.schema.ts";
import { startStateSchema } from "./start-state/start-state.schema.ts";
import { applicationSchema } from "./workload/model.schema.ts";

const closed = { additionalProperties: false };
const directory = Type.String({ description: "Folder of YAML files, one per item" });

export const engineSchema = Type.Object(
  {
    admission: Type.Enum(["request", "task"]),
    decode_submission: Type.Enum(["after_prefill", "with_prefill"]),
    ageing: Type.Enum(["preemptions", "waited_starts"]),
    interruption: Type.Enum(["any_prefill", "within_budget"]),
    transfer_retry: Type.Enum(["on_release", "every_second"]),
  },
  closed,
);

export const simulationSchema = Type.Object(
  {
    event_order: Type.Enum(["sequence", "heapq"]),
    cutoff: Type.Enum(["before", "after"]),
    kv_cache: Type.Enum(["grouped_query", "multi_head"]),
    tbt_divisor: Type.Enum(["gaps", "tokens"]),
    kv_token_jsq: Type.Enum(["counted", "as_shipped"]),
    random: Type.Enum(["streams", "numpy"]),
  },
  closed,
);

export const runConfigProperties = {
  cluster: clusterSchema,
  router: Type.Object(
    {
      _target_: Type.Enum(["routers.NoOp", "router.NoOpRouter"]),
      overheads: Type.Object({ routing_delay: Type.Number({ minimum: 0, description: "Seconds" }) }, closed),
    },
    closed,
  ),
  arbiter: Type.Object(
    {
      _target_: Type.Enum(["arbiters.NoOp", "arbiter.NoOpArbiter"]),
      overheads: Type.Optional(Type.Object({}, closed)),
    },
    closed,
  ),
  hardware_repo: Type.Object({ processors: directory, skus: directory, interconnects: directory }, closed),
  model_repo: Type.Object({ architectures: directory, sizes: directory }, closed),
  orchestrator_repo: Type.Object({ allocators: directory, schedulers: directory }, closed),
  performance_model: Type.Union([...performanceModelSchemas]),
  power_model: Type.Union([...powerModelSchemas]),
  applications: Type.Array(applicationSchema, { minItems: 1 }),
  scheduler: Type.Optional(Type.Union([...schedulerSchemas])),
  start_state: startStateSchema,
  engine: engineSchema,
  simulation: simulationSchema,
  compat: Type.Object(
    {
      name: Type.Enum(["none", "splitwise"]),
      numpy_seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4294967295 })),
    },
    closed,
  ),
  end_time: Type.Number({ exclusiveMinimum: 0, description: "Simulated seconds after which the run is cut off" }),
  debug: Type.Boolean(),
  seed: Type.Integer({ description: "Seeds every random stream" }),
};

const runConfigSchema = Type.Object(runConfigProperties);
export type RunConfig = Static<typeof runConfigSchema>;
