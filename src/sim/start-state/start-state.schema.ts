/** Parameters of start states and of the instances that they make. */
import Type from "typebox";

const closed = { additionalProperties: false };
const pool = {
  num_instances: Type.Optional(Type.Integer({ minimum: 0, description: "Servers of this pool" })),
  instance_names: Type.Optional(Type.Array(Type.String(), { description: "SKUs of this pool" })),
};
const limits = {
  instance_type: Type.Enum(["ORCA", "Splitwise", "DEFAULT"], {
    description: "Iteration-level scheduling as in ORCA, or with preemption as in Splitwise; or one task at a time",
  }),
  max_batch_size: Type.Integer({ minimum: 1, description: "Most requests in a batch" }),
  max_batch_tokens: Type.Integer({
    minimum: 1,
    description: "Most tokens of an iteration; one longer prompt runs alone",
  }),
  max_preemptions: Type.Integer({ minimum: 0, description: "Age from which a waiting task goes before all others" }),
  pipeline_parallelism: Type.Integer({
    minimum: 1,
    description: "Stages of an instance: simulated by engine=distserve; others use its processors as one stage",
  }),
  tensor_parallelism: Type.Union([Type.Null(), Type.Integer({ minimum: 1 })], {
    description: "Processors of an instance, which share each layer; null: all of a server",
  }),
};

export const startStateSchema = Type.Object(
  {
    state_type: Type.String({
      pattern: "^(unallocated|orca|baseline|splitwise.*)$",
      description:
        "Which instances exist when a run begins: none, equal ones on all servers, or prefill and decode pools",
    }),
    application_id: Type.Optional(Type.Integer({ minimum: 0, description: "The application that gets the instances" })),
    split_type: Type.Enum(["homogeneous", "heterogeneous"], {
      description: "Pools by number of servers (num_instances), or by SKU (instance_names)",
    }),
    missing_servers: Type.Enum(["refuse", "ignore"], {
      description: "Pools that ask for more servers than there are: an error, or they get fewer",
    }),
    instance_processors: Type.Enum(["tensor_parallel", "whole_server"], {
      description: "Processors of an instance of orca and baseline: tensor_parallelism of them, or all of its server",
    }),
    instance: Type.Union([Type.Null(), Type.Object(limits, closed)], { description: "Instances of orca and baseline" }),
    prompt: Type.Union([Type.Null(), Type.Object({ ...limits, ...pool }, closed)], {
      description: "Instances of the prefill pool",
    }),
    token: Type.Union([Type.Null(), Type.Object({ ...limits, ...pool }, closed)], {
      description: "Instances of the decode pool",
    }),
  },
  closed,
);
