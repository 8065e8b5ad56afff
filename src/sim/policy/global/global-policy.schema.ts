/** Parameters of global policies (config groups `prefill_global` and `decode_global`), one schema per class. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const plain = (target: string) => Type.Object({ _target_: Type.Enum([target]) }, closed);

const measure = Type.Enum(["time", "memory", "batch", "queue"], {
  description:
    "Load: seconds until the request would start, KV caches' bytes, requests in the batch and waiting, or requests waiting",
});

const lowestLoadSchema = Type.Object({ _target_: Type.Enum(["global_policies.LowestLoad"]), by: measure }, closed);
const powerOfTwoSchema = Type.Object({ _target_: Type.Enum(["global_policies.PowerOfTwo"]), by: measure }, closed);

export const globalPolicySchemas = [
  plain("global_policies.RoundRobin"),
  plain("global_policies.Random"),
  lowestLoadSchema,
  powerOfTwoSchema,
  plain("global_policies.Jsq"),
  plain("global_policies.TokenJsq"),
] as const;
export type GlobalPolicyParameters = Static<(typeof globalPolicySchemas)[number]>;
export type LoadMeasure = Static<typeof measure>;
