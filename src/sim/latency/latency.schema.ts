/** The configuration of `sweep latency`: requests, a model, a processor, and the performance models to ask. */
import Type, { type Static } from "typebox";
import { processorSchema } from "../cluster/cluster.schema.ts";
import { performanceModelSchemas } from "../performance/performance.schema.ts";
import { architectureSchema, huggingFaceSchema, modelSizeSchema } from "../workload/model.schema.ts";
import { PRECISION_NAMES } from "../workload/model-weights.ts";

const MOST_PROCESSORS = 4096;
const LARGEST_TOKENS = 2 ** 31 - 1;

const positiveInteger = (description: string, maximum: number) => Type.Integer({ minimum: 1, maximum, description });

export const modelSchema = Type.Object(
  {
    architecture: Type.Union([architectureSchema, huggingFaceSchema]),
    precision: Type.Enum([...PRECISION_NAMES], {
      description: "Of the weights, which are counted from the dimensions",
    }),
    size: Type.Optional(modelSizeSchema),
  },
  { additionalProperties: false, description: "The model; its size, if given, goes before its precision" },
);

export const latencyProperties = {
  model: modelSchema,
  hardware: processorSchema,
  prompt: positiveInteger("Prompt tokens of a request", LARGEST_TOKENS),
  output: Type.Integer({
    minimum: 0,
    maximum: LARGEST_TOKENS,
    description: "Output tokens of a request; 0: its prefill only",
  }),
  batch: positiveInteger("Equal requests that are served together", 1_000_000),
  tensor_parallelism: Type.Union(
    [Type.Null(), positiveInteger("Processors that the model is split over", MOST_PROCESSORS)],
    { description: "Processors that the model is split over; null: the fewest (1, 2, 4, ...) that hold the requests" },
  ),
  first_token: Type.Enum(["prefill", "decode"], {
    description: "Whether the prefill yields the first output token, or the first decode does",
  }),
  compare: Type.Array(Type.String(), { description: "Names of the performance models to ask, in order" }),
  performance_models: Type.Record(Type.String(), Type.Union([...performanceModelSchemas]), {
    description: "Performance models by name",
  }),
};

export const latencySchema = Type.Object(latencyProperties);
export type LatencyConfig = Static<typeof latencySchema>;
