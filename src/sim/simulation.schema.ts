/** The whole resolved configuration of a run, less the trace, whose parameters belong to the trace readers. */
import Type, { type Static } from "typebox";
import { clusterSchema } from "./cluster/cluster.schema.ts";
import { engineSchemas } from "./engine/engine.schema.ts";
import { kvLinksSchemas } from "./kv-links/kv-links.schema.ts";
import { performanceModelSchemas, powerModelSchemas } from "./performance/performance.schema.ts";
import { globalPolicySchemas } from "./policy/global/global-policy.schema.ts";
import { localOrderSchemas } from "./policy/local/local-order.schema.ts";
import { schedulerSchemas } from "./scheduler/scheduler.schema.ts";
import { startStateSchema } from "./start-state/start-state.schema.ts";
import { evictionSchemas } from "./swapping/eviction/eviction.schema.ts";
import { weightLinksSchema } from "./swapping/links/weight-links.schema.ts";
import { modelOrderSchemas } from "./swapping/order/model-order.schema.ts";
import { modelPlacementSchemas } from "./swapping/placement/model-placement.schema.ts";
import { swappingSchema } from "./swapping/swapping.schema.ts";
import { loadTriggerSchemas } from "./swapping/trigger/load-trigger.schema.ts";
import { applicationSchema } from "./workload/model.schema.ts";

const closed = { additionalProperties: false };
const folderOf = (items: string) => Type.String({ description: `Folder of ${items}: a YAML file each` });

export const simulationSchema = Type.Object(
  {
    event_order: Type.Enum(["sequence", "heapq", "by_type"], {
      description:
        "Order of events at equal times: as scheduled, as CPython's heapq leaves them, or arrivals, decode steps, transfers, prefills",
    }),
    cutoff: Type.Enum(["before", "after"], {
      description: "Whether no event after end_time is executed, or one, as in SplitwiseSim",
    }),
    kv_cache: Type.Enum(["grouped_query", "multi_head"], {
      description: "Heads whose keys and values are cached: num_kv_heads, or num_heads",
    }),
    tbt_divisor: Type.Enum(["gaps", "tokens"], {
      description: "TBT is (E2E - TTFT) divided by the gaps between output tokens, or by their number",
    }),
    kv_token_jsq: Type.Enum(["counted", "as_shipped"], {
      description: "Whether the scheduler kv_token_jsq counts load when it schedules, or not, as SplitwiseSim ships it",
    }),
    initial_instances: Type.Enum(["spin_up", "ready"], {
      description: "Instances of the start state serve after their allocator's spin_up, or from the start",
    }),
    random: Type.Enum(["streams", "numpy"], {
      description: "Random choices: a stream per component, or NumPy's legacy generator",
    }),
  },
  closed,
);

export const runConfigProperties = {
  cluster: clusterSchema,
  router: Type.Object(
    {
      _target_: Type.Enum(["routers.NoOp", "router.NoOpRouter"]),
      overheads: Type.Object(
        { routing_delay: Type.Number({ minimum: 0, description: "Seconds that the router needs for a request" }) },
        closed,
      ),
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
  hardware_repo: Type.Object(
    {
      processors: folderOf("processors"),
      skus: folderOf("SKUs"),
      interconnects: folderOf("interconnects (not read yet)"),
    },
    closed,
  ),
  model_repo: Type.Object({ architectures: folderOf("architectures"), sizes: folderOf("model sizes") }, closed),
  orchestrator_repo: Type.Object({ allocators: folderOf("allocators"), schedulers: folderOf("schedulers") }, closed),
  performance_model: Type.Union([...performanceModelSchemas]),
  power_model: Type.Union([...powerModelSchemas]),
  applications: Type.Array(applicationSchema, { minItems: 1 }),
  scheduler: Type.Optional(Type.Union([...schedulerSchemas])),
  prefill_global: Type.Optional(Type.Union([...globalPolicySchemas])),
  decode_global: Type.Optional(Type.Union([...globalPolicySchemas])),
  prefill_local: Type.Optional(Type.Union([...localOrderSchemas])),
  decode_local: Type.Optional(Type.Union([...localOrderSchemas])),
  start_state: startStateSchema,
  engine: Type.Union([...engineSchemas]),
  kv_links: Type.Union([...kvLinksSchemas]),
  swapping: Type.Optional(swappingSchema),
  model_eviction: Type.Optional(Type.Union([...evictionSchemas])),
  model_order: Type.Optional(Type.Union([...modelOrderSchemas])),
  model_placement: Type.Optional(Type.Union([...modelPlacementSchemas])),
  load_trigger: Type.Optional(Type.Union([...loadTriggerSchemas])),
  weight_links: Type.Optional(weightLinksSchema),
  simulation: simulationSchema,
  compat: Type.Object(
    {
      name: Type.Enum(["none", "splitwise", "llm_serving", "vllm_simulator", "distserve"], {
        description: "The simulator whose behaviour is reproduced",
      }),
      numpy_seed: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 4294967295, description: "Seed of NumPy's legacy generator" }),
      ),
    },
    closed,
  ),
  end_time: Type.Number({ exclusiveMinimum: 0, description: "Simulated seconds after which the run is cut off" }),
  debug: Type.Boolean({ description: "Write a log of every instance; the default of every application" }),
  seed: Type.Integer({
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description: "Seeds every random stream",
  }),
};

const runConfigSchema = Type.Object(runConfigProperties);
export type RunConfig = Static<typeof runConfigSchema>;
