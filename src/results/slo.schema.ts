/** The config group `slo`: service level objectives, and what a server costs. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };

function limitAt(percentile: string) {
  return Type.Number({ exclusiveMinimum: 0, description: `At the ${percentile} percentile of the requests` });
}

function limitsOf(what: string) {
  return Type.Object(
    { p50: limitAt("50th"), p90: limitAt("90th"), p99: limitAt("99th") },
    { ...closed, description: `Largest slowdown of ${what}` },
  );
}

function target(what: string) {
  return Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Number({ exclusiveMinimum: 0, description: `Largest ${what} of a request in seconds` }),
    ]),
  );
}

export const sloSchema = Type.Object(
  {
    name: Type.Enum(["none", "splitwise", "latency"], {
      description: "Which columns runs get: slowdowns, cost and power; or attainment of targets and goodput",
    }),
    targets: Type.Optional(
      Type.Object(
        { ttft: target("TTFT"), tbt: target("TBT (vLLM's TPOT)"), e2e: target("E2E latency") },
        { ...closed, description: "Of latency: what each request is to keep; null asks for nothing" },
      ),
    ),
    reference: Type.Optional(
      Type.Object(
        {
          processor: Type.String({ description: "Processor of the instance on which a request alone is timed" }),
          tensor_parallelism: Type.Integer({ minimum: 1, description: "Its processors" }),
        },
        closed,
      ),
    ),
    limits: Type.Optional(
      Type.Object({ ttft: limitsOf("TTFT"), tbt: limitsOf("TBT"), e2e: limitsOf("E2E latency") }, closed),
    ),
    throughput_window: Type.Optional(
      Type.Array(Type.Number({ minimum: 0 }), {
        minItems: 2,
        maxItems: 2,
        description: "Simulated seconds between which completed requests count for slo_requests_per_second",
      }),
    ),
    servers: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            cost: Type.Number({ minimum: 0, description: "Of one server, in any unit" }),
            power: Type.Number({ minimum: 0, description: "Of one server, in any unit" }),
          },
          closed,
        ),
        { description: "By SKU" },
      ),
    ),
  },
  closed,
);

export type SloConfig = Static<typeof sloSchema>;
