/** Parameters of serving more models than fit: which models, on which groups of processors, and what a swap costs. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const seconds = (description: string) => Type.Number({ minimum: 0, description: `Seconds ${description}` });

export const swappingSchema = Type.Object(
  {
    _target_: Type.Enum(["swapping.ModelSwapping"]),
    models: Type.Union(
      [
        Type.Null(),
        Type.Array(
          Type.Object(
            {
              architecture: Type.String({ description: "Name of a file in the model repository" }),
              size: Type.String({ description: "Name of a size, or ARCHITECTURE-PRECISION" }),
              count: Type.Integer({ minimum: 1, maximum: 10_000, description: "Models of this kind" }),
              pinned: Type.Optional(Type.Boolean({ description: "Loaded from the start, and never evicted (false)" })),
            },
            closed,
          ),
          { minItems: 1 },
        ),
      ],
      {
        description:
          "Models that are served: applications 0, 1, ... of the trace, otherwise as the first of `applications`; null: those of `applications`",
      },
    ),
    instance: Type.Object(
      {
        instance_type: Type.Enum(["ORCA", "Splitwise"], { description: "How an engine forms its batches" }),
        max_batch_size: Type.Integer({ minimum: 1, description: "Most requests in a batch" }),
        max_batch_tokens: Type.Integer({ minimum: 1, description: "Most tokens of an iteration (Splitwise)" }),
        max_preemptions: Type.Integer({ minimum: 0, description: "As of start states (Splitwise)" }),
        tensor_parallelism: Type.Integer({
          minimum: 1,
          description: "Processors of a group; a model is on all processors of its group",
        }),
      },
      { ...closed, description: "Engines of all models" },
    ),
    workspace: Type.Number({ minimum: 0, description: "Bytes of each processor for neither weights nor KV caches" }),
    max_replicas: Type.Integer({ minimum: 1, description: "Groups that a model is on at a time, at most" }),
    replica_queue: Type.Union([Type.Null(), Type.Integer({ minimum: 1 })], {
      description: "Unfinished requests per replica from which another is loaded; null: never",
    }),
    turn_iterations: Type.Integer({
      minimum: 1,
      description: "Iterations after which a model lets others compute that are on the same processors",
    }),
    preemption: Type.Enum(["none", "keep", "move", "drop"], {
      description:
        "Whether busy models are evicted at an iteration boundary, and what happens to their KV caches: they stay, move to the host and back, or are computed again",
    }),
    preempt_after: seconds("that a model waits for memory before busy ones are pre-empted"),
    layer_pipelining: Type.Boolean({
      description:
        "The first iteration computes layers whose weights have come while others are on their way (PipeSwitch)",
    }),
    overheads: Type.Object(
      {
        unload: seconds("to free the memory of an evicted model"),
        attach: seconds("of an engine to take over loaded weights (wake up, join)"),
        graph_capture: seconds("to capture graphs after a load"),
        first_request_warmup: seconds("by which the first iteration after a load is longer"),
      },
      closed,
    ),
  },
  closed,
);
export type SwappingParameters = Static<typeof swappingSchema>;
