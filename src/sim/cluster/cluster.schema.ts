/** Parameters of clusters and of the hardware repository. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const positive = (description: string) => Type.Optional(Type.Number({ exclusiveMinimum: 0, description }));

export const clusterSchema = Type.Object(
  {
    power_budget: Type.Optional(Type.Number({ minimum: 0, description: "Watts; kept for reference, limits nothing" })),
    servers: Type.Array(
      Type.Object(
        {
          sku: Type.String({ description: "Name of a SKU in the hardware repository" }),
          count: Type.Integer({ minimum: 0, maximum: 100_000, description: "Servers of this SKU" }),
        },
        closed,
      ),
      { description: "Servers of the cluster, in order: pools take them from the first on" },
    ),
    interconnects: Type.Optional(
      Type.Array(
        Type.Object(
          {
            link: Type.String({ description: "Kind of link" }),
            topology: Type.String({ description: "Who is linked" }),
          },
          closed,
        ),
        { description: "Links between servers; not simulated" },
      ),
    ),
  },
  closed,
);
export type ClusterParameters = Static<typeof clusterSchema>;

export const processorSchema = Type.Object(
  {
    _target_: Type.Optional(Type.Enum(["processors.Gpu", "processor.GPU", "processor.CPU"])),
    name: Type.String({ description: "Name by which SKUs and performance tables refer to it" }),
    memory_size: Type.Number({ exclusiveMinimum: 0, description: "Bytes of memory" }),
    memory_bandwidth: positive("Bytes/s of the memory, for computed times"),
    peak_flops: Type.Optional(
      Type.Object(
        {
          fp16: positive("With 16-bit elements, dense"),
          fp8: positive("With 8-bit floating-point elements, dense"),
          int8: positive("With 8-bit integers, dense"),
        },
        { ...closed, description: "Operations/s of matrix products, for computed times" },
      ),
    ),
    onchip_buffer: positive("Bytes of registers of all its cores: where fused attention keeps a block of queries"),
    interconnect_bandwidth: positive("Bytes/s to the other processors of its server, each way, for tensor parallelism"),
    interconnect_latency: Type.Optional(
      Type.Number({ minimum: 0, description: "Seconds of each step of an all-reduce before its first byte (0)" }),
    ),
  },
  closed,
);
export type ProcessorParameters = Static<typeof processorSchema>;

export const skuSchema = Type.Object(
  {
    _target_: Type.Optional(Type.Enum(["servers.Server", "server.Server"])),
    name: Type.String({ description: "Name by which clusters and pools refer to it" }),
    tdp: Type.Optional(Type.Number({ minimum: 0, description: "Watts; not used by the simulation" })),
    network_bandwidth: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: "Bytes/s of the server's network, each way; its processors have equal shares (kv_links=shared)",
      }),
    ),
    processors: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: "Name of a processor in the hardware repository" }),
          count: Type.Integer({ minimum: 1, maximum: 4096, description: "Processors of this kind in a server" }),
        },
        closed,
      ),
      { minItems: 1, description: "Processors of a server" },
    ),
    interconnects: Type.Optional(Type.Unknown({ description: "Not simulated" })),
  },
  closed,
);
export type SkuParameters = Static<typeof skuSchema>;
