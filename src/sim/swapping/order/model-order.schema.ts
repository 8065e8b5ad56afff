/** Parameters of model orders. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const limit = (description: string) => Type.Union([Type.Null(), Type.Number({ minimum: 0 })], { description });

const batchBeforeSwapSchema = Type.Object(
  {
    _target_: Type.Enum(["model_orders.BatchBeforeSwap"]),
    max_wait: limit("Seconds that another model waits before the loaded one takes no more requests; null: for ever"),
    max_requests: limit("Requests that the loaded model takes since it was loaded; null: all"),
  },
  closed,
);
export type BatchBeforeSwapParameters = Static<typeof batchBeforeSwapSchema>;

const edfSchema = Type.Object(
  {
    _target_: Type.Enum(["model_orders.Edf"]),
    deadline: Type.Number({ minimum: 0, description: "Seconds from arrival to a request's deadline" }),
    deadline_per_prompt_token: Type.Number({ minimum: 0, description: "Further seconds per prompt token" }),
  },
  closed,
);
export type EdfParameters = Static<typeof edfSchema>;

const roundRobinSchema = Type.Object(
  {
    _target_: Type.Enum(["model_orders.RoundRobin"]),
    quantum: Type.Number({
      exclusiveMinimum: 0,
      description: "Seconds after which a loaded model gives way; at once at an iteration boundary with pre-emption",
    }),
  },
  closed,
);
export type RoundRobinParameters = Static<typeof roundRobinSchema>;

const plain = (...targets: string[]) => Type.Object({ _target_: Type.Enum(targets) }, closed);

export const modelOrderSchemas = [
  plain("model_orders.Fcfs"),
  plain("model_orders.LongestQueue"),
  plain("model_orders.CostAware"),
  batchBeforeSwapSchema,
  edfSchema,
  roundRobinSchema,
] as const;
export type ModelOrderParameters = Static<(typeof modelOrderSchemas)[number]>;
