/** Parameters of load triggers. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };

const prefetchSchema = Type.Object(
  {
    _target_: Type.Enum(["load_triggers.Prefetch"]),
    by: Type.Enum(["popularity", "idle_times", "oracle"], {
      description:
        "The next model: the one with the most requests so far, the one that is due by its mean idle time, or the one that is in fact next",
    }),
    spare_share: Type.Number({
      minimum: 0,
      maximum: 1,
      description: "Share of a group's memory that prefetched models leave free",
    }),
  },
  closed,
);
export type PrefetchParameters = Static<typeof prefetchSchema>;

const scheduleSchema = Type.Object(
  {
    _target_: Type.Enum(["load_triggers.Schedule"]),
    loads: Type.Array(
      Type.Object(
        {
          seconds: Type.Number({ minimum: 0, description: "When" }),
          model: Type.String({ description: "Name of a model" }),
          group: Type.Union([Type.Null(), Type.Integer({ minimum: 0 })], {
            description: "Number of a processor group; null: as the placement says",
          }),
        },
        closed,
      ),
      { description: "Loads besides those that requests ask for" },
    ),
  },
  closed,
);
export type ScheduleParameters = Static<typeof scheduleSchema>;

export const loadTriggerSchemas = [
  Type.Object({ _target_: Type.Enum(["load_triggers.OnDemand"]) }, closed),
  prefetchSchema,
  scheduleSchema,
] as const;
export type LoadTriggerParameters = Static<(typeof loadTriggerSchemas)[number]>;
