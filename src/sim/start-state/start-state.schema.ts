/** Parameters of start states and of the instances that they make. */
import Type from "typebox";

const closed = { additionalProperties: false };
const pool = {
  num_instances: Type.Optional(Type.Integer({ minimum: 0, description: "Servers of this pool" })),
  instance_names: Type.Optional(Type.Array(Type.String(), { description: "SKUs of this pool" })),
};
const limits = {
  instance_type: Type.Enum(["ORCA", "Splitwise", "DEFAULT"]),
  max_batch_size: Type.Integer({ minimum: 1, description: "Requests in a batch" }),
  max_batch_tokens: Type.Integer({ minimum: 1, description: "Tokens of an iteration; one longer prompt runs alone" }),
  max_preemptions: Type.Integer({ minimum: 0, description: "Age from which a waiting task goes before all others" }),
  pipeline_parallelism: Type.Integer({ minimum: 1, description: "Not simulated" }),
  tensor_parallelism: Type.Integer({ minimum: 1, description: "Processors that share each layer" }),
};

export const startStateSchema = Type.Object(
  {
    state_type: Type.String({ pattern: "^(unallocated|orca|baseline|splitwise.*)$" }),
    application_id: Type.Optional(Type.Integer({ minimum: 0 })),
    split_type: Type.Enum(["homogeneous", "heterogeneous"]),
    missing_servers: Type.Enum(["refuse", "ignore"]),
    instance_processors: Type.Enum(["tensor_parallel", "whole_server"]),
    instance: Type.Union([Type.Null(), Type.Object(limits, closed)]),
    prompt: Type.Union([Type.Null(), Type.Object({ ...limits, ...pool }, closed)]),
    token: Type.Union([Type.Null(), Type.Object({ ...limits, ...pool }, closed)]),
  },
  closed,
);
