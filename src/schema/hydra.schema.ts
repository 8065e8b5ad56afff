/** The `hydra` node, as far as it matters here. The composition engine has its types; this is for editors. */
import Type from "typebox";

const path = (description: string) => Type.Optional(Type.String({ description }));

export const hydraSchema = Type.Object(
  {
    mode: Type.Optional(
      Type.Union([Type.Null(), Type.Enum(["RUN", "MULTIRUN"])], { description: "MULTIRUN: as with --multirun" }),
    ),
    searchpath: Type.Optional(Type.Array(Type.String(), { description: "Further folders of configs: file://DIR" })),
    run: Type.Optional(Type.Object({ dir: path("Folder of a single run's results") })),
    sweep: Type.Optional(
      Type.Object({ dir: path("Folder of a sweep"), subdir: path("Folder of a job below the sweep's") }),
    ),
    sweeper: Type.Optional(
      Type.Object({
        params: Type.Optional(
          Type.Union([Type.Null(), Type.Object({})], { description: "Swept values by key, as on the command line" }),
        ),
        max_batch_size: Type.Optional(
          Type.Union([Type.Null(), Type.Integer({ minimum: 1 })], { description: "Jobs launched at a time" }),
        ),
        zip: Type.Optional(
          Type.Union([Type.Null(), Type.Array(Type.Array(Type.String()))], {
            description: "Swept keys that advance together, a list per group",
          }),
        ),
        points: Type.Optional(
          Type.Union([Type.Null(), Type.Array(Type.Object({}))], { description: "Jobs one by one: values by key" }),
        ),
      }),
    ),
  },
  { description: "How the configuration is composed and run" },
);
