/** Parameters of eviction policies. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const plain = (...targets: string[]) => Type.Object({ _target_: Type.Enum(targets) }, closed);

const ttlSchema = Type.Object(
  {
    _target_: Type.Enum(["evictions.Ttl"]),
    keep_alive: Type.Number({ minimum: 0, description: "Seconds that an idle model stays; 0: it leaves at once" }),
  },
  closed,
);
export type TtlParameters = Static<typeof ttlSchema>;

const histogramSchema = Type.Object(
  {
    _target_: Type.Enum(["evictions.Histogram"]),
    prewarm_percentile: Type.Number({
      minimum: 0,
      maximum: 100,
      description: "Of idle times: when a model comes back",
    }),
    keep_alive_percentile: Type.Number({ minimum: 0, maximum: 100, description: "Of idle times: when it leaves" }),
    least_idle_times: Type.Integer({ minimum: 1, description: "Idle times that are needed; until then keep_alive" }),
    keep_alive: Type.Number({ minimum: 0, description: "Seconds that a model stays of which too little is known" }),
  },
  closed,
);
export type HistogramParameters = Static<typeof histogramSchema>;

export const evictionSchemas = [
  plain("evictions.Lru"),
  plain("evictions.Lfu"),
  plain("evictions.Fifo"),
  plain("evictions.Size"),
  plain("evictions.Cost"),
  plain("evictions.Pinned"),
  plain("evictions.Belady"),
  ttlSchema,
  histogramSchema,
] as const;
export type EvictionParameters = Static<(typeof evictionSchemas)[number]>;
