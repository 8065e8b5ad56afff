/** Parameters of the links that KV caches travel over. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const latency = Type.Number({
  minimum: 0,
  description: "Seconds of every KV-cache transfer before its first byte moves",
});

export const kvLinksSchemas = [
  Type.Object({ _target_: Type.Enum(["kv_links.Private"]), latency }, closed),
  Type.Object(
    {
      _target_: Type.Enum(["kv_links.MaxMin"]),
      latency,
      bandwidth: Type.Union([Type.Null(), Type.Number({ exclusiveMinimum: 0 })], {
        description: "GiB/s of every instance, each way; null: its processors' share of its SKU's network_bandwidth",
      }),
    },
    closed,
  ),
] as const;
export type KvLinksParameters = Static<(typeof kvLinksSchemas)[number]>;
