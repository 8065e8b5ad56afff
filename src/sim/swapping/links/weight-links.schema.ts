/** Parameters of the links and tiers that weights are loaded over. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const bandwidth = (what: string) => Type.Number({ exclusiveMinimum: 0, description: `Bytes/s of ${what}` });
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema, description: string) =>
  Type.Union([Type.Null(), schema], { description });
const capacity = orNull(Type.Number({ exclusiveMinimum: 0 }), "Bytes for weights; null: enough for all models");

export const weightLinksSchema = Type.Object(
  {
    _target_: Type.Enum(["weight_links.Tiers"]),
    processor: bandwidth("the link of each processor to its host, each way"),
    root_port: orNull(
      Type.Object(
        {
          processors: Type.Integer({ minimum: 1, description: "Consecutive processors behind one port" }),
          bandwidth: bandwidth("the port, each way"),
        },
        closed,
      ),
      "Port that processors share on the way to their host; null: each has its own",
    ),
    dram: orNull(
      Type.Object(
        { capacity, bandwidth: orNull(bandwidth("it"), "Bytes/s of it for all processors together; null: no limit") },
        closed,
      ),
      "Pinned host memory of a server, which keeps copies of weights; null: none",
    ),
    nvme: orNull(Type.Object({ capacity, bandwidth: bandwidth("its reads") }, closed), "NVMe of a server; null: none"),
    remote: orNull(
      Type.Object(
        {
          bandwidth: bandwidth("a server's network"),
          store_bandwidth: orNull(bandwidth("the store"), "Bytes/s of the store, for all servers; null: no limit"),
          latency: Type.Number({ minimum: 0, description: "Seconds before the first byte" }),
        },
        closed,
      ),
      "A store that has all models; null: none",
    ),
    peer: orNull(
      Type.Number({ exclusiveMinimum: 0 }),
      "Bytes/s between processors of a server, each way: weights are copied from a neighbour that has them; null: never",
    ),
    forwarding: Type.Enum(["chunks", "store_and_forward"], {
      description: "Whether a tier passes chunks on while others arrive, or weights go from tier to tier as a whole",
    }),
    chunk: Type.Number({ minimum: 0, description: "Bytes of a chunk" }),
    sharing: Type.Enum(["fair", "fifo", "priority"], {
      description: "Loads on one link: max-min fair, one after the other, or fair with prefetches behind all others",
    }),
  },
  closed,
);
export type WeightLinksParameters = Static<typeof weightLinksSchema>;
