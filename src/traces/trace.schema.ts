/** Parameters of trace sources, one schema per `_target_`. */
import Type, { type Static, type TSchema } from "typebox";

const closed = { additionalProperties: false };
const tokens = { minimum: 1, maximum: 2 ** 31 - 1 };

function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Optional(Type.Union([Type.Null(), schema]));
}

/** Keys of every source: whichever is chosen, `path` or `filename` takes a file in SplitwiseSim's format instead. */
const file = {
  name: Type.Optional(Type.String({ description: "Name of the source" })),
  dir: Type.Optional(Type.String({ description: "Folder of `filename`" })),
  filename: nullable(Type.String({ description: "SplitwiseSim's CSV in `dir`, without .csv" })),
  path: nullable(Type.String({ description: "Trace file; goes before `filename`" })),
  float_parser: Type.Optional(
    Type.Enum(["ieee", "pandas"], { description: "How decimals become doubles: correctly rounded, or as pandas does" }),
  ),
};

const splitwiseCsvSchema = Type.Object({ _target_: Type.Enum(["traces.SplitwiseCsv"]), ...file }, closed);

const cv = Type.Optional(
  Type.Number({ minimum: 0.001, maximum: 100, description: "Of gamma: the gaps' coefficient of variation" }),
);

const LARGEST_APPLICATION = 2 ** 31 - 1;

const applicationsSchema = Type.Object(
  {
    assign: Type.Enum(["one", "uniform", "zipf", "weights", "each", "top", "round_robin", "hash", "mapping"], {
      description:
        "Each request draws its application (uniform, zipf, weights), or they come from the columns or functions of per_minute (each, top, round_robin, hash, mapping), or from the models of BurstGPT (mapping)",
    }),
    count: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: "Applications, numbered from 0; the first is the busiest",
      }),
    ),
    alpha: Type.Optional(
      Type.Number({ minimum: 0, maximum: 100, description: "Of zipf: the k-th application's share ~ k^-alpha" }),
    ),
    weights: Type.Optional(
      Type.Array(Type.Number({ minimum: 0, maximum: 1e12 }), {
        minItems: 1,
        maxItems: 100_000,
        description: "Of weights: shares of applications 0, 1, ..., in any unit",
      }),
    ),
    mapping: Type.Optional(
      Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: LARGEST_APPLICATION }), {
        description: "Of mapping: application by the name of a column, function (HashApp/HashFunction), app or model",
      }),
    ),
  },
  { ...closed, description: "Which application each request asks for; all ask for application 0 without this" },
);
const applications = nullable(applicationsSchema);

/** Keys of files that services recorded. */
const recorded = {
  ...file,
  applications,
  rate_scale: nullable(Type.Number({ exclusiveMinimum: 0, description: "Divides all arrival times" })),
  rate: nullable(
    Type.Number({
      exclusiveMinimum: 0,
      description: "Mean requests per second: the arrivals are scaled to it, or drawn at it",
    }),
  ),
  limit: nullable(Type.Integer({ minimum: 1, description: "Only so many requests, from the file's start" })),
  arrivals: Type.Optional(
    Type.Object(
      {
        process: Type.Enum(["recorded", "poisson", "gamma", "constant", "uniform"], {
          description: "The file's arrivals, or others at `rate`, as of generated traces",
        }),
        cv,
      },
      closed,
    ),
  ),
};

const azureCsvSchema = Type.Object({ _target_: Type.Enum(["traces.AzureCsv"]), ...recorded }, closed);
const burstGptCsvSchema = Type.Object({ _target_: Type.Enum(["traces.BurstGptCsv"]), ...recorded }, closed);
const mooncakeJsonlSchema = Type.Object(
  {
    _target_: Type.Enum(["traces.MooncakeJsonl"]),
    ...recorded,
    block_tokens: Type.Optional(
      Type.Integer({ ...tokens, description: "Tokens of a prompt's block, for which hash_ids has an entry (512)" }),
    ),
  },
  closed,
);

const lengthSchema = Type.Object(
  {
    distribution: Type.Enum(
      [
        "constant",
        "uniform",
        "normal",
        "truncated_normal",
        "lognormal",
        "exponential",
        "poisson",
        "zipf",
        "quantiles",
        "empirical",
      ],
      { description: "Of the lengths; what is beyond min or max becomes it" },
    ),
    tokens: Type.Optional(Type.Integer({ ...tokens, description: "Every length, of constant" })),
    mean: Type.Optional(Type.Number({ ...tokens, description: "Mean tokens" })),
    std: Type.Optional(Type.Number({ ...tokens, minimum: 0, description: "Standard deviation in tokens" })),
    exponent: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 100, description: "Of zipf: k-th smallest length ~ k^-exponent" }),
    ),
    table: Type.Optional(
      Type.String({ description: "CSV file: of quantiles a row per `probability`, of empirical a row per request" }),
    ),
    column: Type.Optional(Type.String({ description: "Column of the table that holds tokens" })),
    min: Type.Optional(Type.Integer({ ...tokens, description: "Smallest length in tokens (1)" })),
    max: Type.Optional(Type.Integer({ ...tokens, description: "Largest length in tokens" })),
  },
  closed,
);

const prefixesSchema = Type.Object(
  {
    block_tokens: Type.Optional(
      Type.Integer({ ...tokens, description: "Prompts are compared in blocks of so many tokens (16)" }),
    ),
    system_prompts: nullable(
      Type.Object(
        {
          share: Type.Number({ minimum: 0, maximum: 1, description: "Share of the chats that begin with one" }),
          count: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description: "How many there are, equally likely" }),
          tokens: Type.Integer({ ...tokens, description: "Length of each, beside what the lengths say" }),
        },
        { ...closed, description: "Texts with which chats begin" },
      ),
    ),
    chats: nullable(
      Type.Object(
        {
          turns: Type.Number({ minimum: 1, maximum: 1e6, description: "Mean turns of a chat; geometric" }),
          concurrent: Type.Integer({
            minimum: 1,
            maximum: 1_000_000,
            description: "Chats at a time: a request is the next turn of any of them",
          }),
          max_tokens: Type.Optional(
            Type.Integer({ ...tokens, description: "A chat ends before a prompt of more tokens (32768)" }),
          ),
        },
        { ...closed, description: "Requests that go on from earlier ones" },
      ),
    ),
  },
  { ...closed, description: "Which prompts begin alike; each is a chat of its own if this says nothing else" },
);

const generatedSchema = Type.Object(
  {
    _target_: Type.Enum(["traces.Generated"]),
    ...file,
    rate: nullable(Type.Number({ exclusiveMinimum: 0, description: "Mean requests per second" })),
    utilisation: nullable(
      Type.Number({
        exclusiveMinimum: 0,
        description:
          "Instead of rate: the share of `servers` kept busy, rate = utilisation * servers / request_seconds",
      }),
    ),
    servers: nullable(
      Type.Number({ exclusiveMinimum: 0, description: "Of utilisation: requests that are served at the same time" }),
    ),
    request_seconds: nullable(
      Type.Number({ exclusiveMinimum: 0, description: "Of utilisation: mean seconds that a request takes" }),
    ),
    rate_scale: nullable(Type.Number({ exclusiveMinimum: 0, description: "Of per_minute: multiplies all minutes" })),
    requests: nullable(
      Type.Integer({
        minimum: 1,
        maximum: 20_000_000,
        description: "Number of requests; of per_minute, the mean number that its minutes are scaled to",
      }),
    ),
    applications,
    end_time: nullable(Type.Number({ exclusiveMinimum: 0, description: "Seconds before which all requests arrive" })),
    arrivals: Type.Object(
      {
        process: Type.Enum(["poisson", "gamma", "constant", "uniform", "per_minute"], {
          description:
            "Gaps between arrivals: exponential, gamma, all equal, uniform from 0 to twice the mean, or exponential at a rate of each minute's own",
        }),
        cv,
        requests_per_minute: nullable(
          Type.Array(Type.Number({ minimum: 0, maximum: 1e9 }), {
            minItems: 1,
            maxItems: 1_000_000,
            description: "Of per_minute: mean requests in each minute; scaled to rate, if that is set",
          }),
        ),
        table: nullable(Type.String({ description: "Of per_minute, instead of a list: CSV file" })),
        column: nullable(
          Type.String({
            description: "Column that holds requests per minute; null: all but `minute`, see applications",
          }),
        ),
        tables: nullable(
          Type.Array(Type.String(), {
            minItems: 1,
            maxItems: 100,
            description: "Of format azure_functions: the files of consecutive days",
          }),
        ),
        format: Type.Optional(
          Type.Enum(["rows", "azure_functions"], {
            description: "Of the table: a row per minute, or Azure Functions 2019 (a row per function)",
          }),
        ),
        group_by: Type.Optional(
          Type.Enum(["function", "app"], { description: "Of azure_functions: what is assigned to applications" }),
        ),
        unit: Type.Optional(
          Type.Enum(["per_minute", "per_second"], {
            description: "Of the numbers of each minute: requests in it, or mean requests per second",
          }),
        ),
        variant: Type.Optional(
          Type.Enum(["carry", "restart", "exact_count"], {
            description:
              "Of per_minute: gaps run on over the minutes' bounds, begin anew with each minute, or as many requests as the minute says, at any time of it",
          }),
        ),
        from_minute: Type.Optional(Type.Integer({ minimum: 0, description: "Minutes to leave out at the start" })),
        minutes: nullable(Type.Integer({ minimum: 1, description: "Only so many minutes; null: all" })),
      },
      closed,
    ),
    prefixes: nullable(prefixesSchema),
    lengths: Type.Object(
      {
        distribution: Type.Optional(
          Type.Enum(["joint", "pairs"], {
            description:
              "Prompt and output lengths drawn together: from a table of quantiles, or of a trace's requests",
          }),
        ),
        table: Type.Optional(
          Type.String({ description: "Of joint: CSV file of quantiles; of pairs: a trace of any known format" }),
        ),
        max_context: nullable(
          Type.Integer({ ...tokens, description: "Of pairs: leaves out requests of more tokens, prompt and output" }),
        ),
        by_application: Type.Optional(
          Type.Boolean({ description: "Of pairs: only those of the request's own application (false)" }),
        ),
        prompt: Type.Optional(lengthSchema),
        output: Type.Optional(lengthSchema),
      },
      { ...closed, description: "Either joint or pairs with its table, or a distribution each for prompt and output" },
    ),
  },
  closed,
);

const llmServingSchema = Type.Object(
  {
    _target_: Type.Enum(["traces.LlmServing"]),
    ...file,
    source: Type.Enum(["zipfian", "mooncake"], {
      description: "Lengths: Zipf-distributed, or those of a Mooncake trace in `path`, whose arrivals are not used",
    }),
    rate: Type.Number({ exclusiveMinimum: 0, description: "Mean requests per second of a Poisson process" }),
    requests: Type.Integer({ minimum: 1, maximum: 20_000_000, description: "Number of requests, of zipfian" }),
    zipf_s: Type.Number({ exclusiveMinimum: 1, maximum: 100, description: "Exponent, of zipfian" }),
    max_tokens: Type.Integer({
      ...tokens,
      description: "Longer prompts and outputs are interpolated away, of zipfian",
    }),
  },
  closed,
);
export type LlmServingParameters = Static<typeof llmServingSchema>;

export const traceSchemas = [
  splitwiseCsvSchema,
  azureCsvSchema,
  burstGptCsvSchema,
  mooncakeJsonlSchema,
  generatedSchema,
  llmServingSchema,
] as const;
export type TraceConfig = Static<(typeof traceSchemas)[number]>;
export type RecordedParameters = Static<typeof azureCsvSchema | typeof burstGptCsvSchema | typeof mooncakeJsonlSchema>;
export type GeneratedParameters = Static<typeof generatedSchema>;
export type ArrivalParameters = GeneratedParameters["arrivals"];
export type ApplicationsParameters = Static<typeof applicationsSchema>;
export type PrefixParameters = Static<typeof prefixesSchema>;
export type LengthParameters = Static<typeof lengthSchema>;
