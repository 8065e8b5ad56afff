/** Parameters of local orders (config groups `prefill_local` and `decode_local`), one schema per class. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const plain = (target: string) => Type.Object({ _target_: Type.Enum([target]) }, closed);
const deadline = Type.Number({
  exclusiveMinimum: 0,
  description: "Seconds after its arrival until which a request should be done here",
});
const secondsPerToken = Type.Union([Type.Null(), Type.Number({ exclusiveMinimum: 0 })], {
  description: "Processing time of a token as the policy assumes it; null: the performance model's time of the prompt",
});

const edfSchema = Type.Object(
  {
    _target_: Type.Enum(["local_policies.Edf"]),
    deadline,
    deadline_per_token: Type.Number({ minimum: 0, description: "Further seconds for each token of the prompt" }),
  },
  closed,
);
const mooreHodgsonSchema = Type.Object(
  { _target_: Type.Enum(["local_policies.MooreHodgson"]), deadline, seconds_per_token: secondsPerToken },
  closed,
);
const milpSchema = Type.Object(
  {
    _target_: Type.Enum(["local_policies.Milp"]),
    deadline,
    seconds_per_token: secondsPerToken,
    time_limit: Type.Number({ exclusiveMinimum: 0, description: "Seconds that the solver may take for one decision" }),
    max_requests: Type.Integer({
      minimum: 1,
      description: "Longest queue that is solved as a whole; of a longer one the requests with the earliest deadlines",
    }),
  },
  closed,
);

export const localOrderSchemas = [
  plain("local_policies.Fcfs"),
  plain("local_policies.Shortest"),
  plain("local_policies.Hrrn"),
  edfSchema,
  plain("local_policies.Priority"),
  plain("local_policies.Random"),
  mooreHodgsonSchema,
  milpSchema,
] as const;
export type LocalOrderParameters = Static<(typeof localOrderSchemas)[number]>;
export type EdfParameters = Static<typeof edfSchema>;
export type DeadlineParameters = Static<typeof mooreHodgsonSchema>;
export type MilpParameters = Static<typeof milpSchema>;
