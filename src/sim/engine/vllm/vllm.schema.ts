/** Parameters of vLLM's engines, by vLLM's own names where it has them. */
import Type, { type Static } from "typebox";

const orNull = (integer: ReturnType<typeof Type.Integer>, description: string) =>
  Type.Union([Type.Null(), integer], { description });

const shared = {
  block_size: Type.Integer({ minimum: 1, description: "Tokens of a KV block" }),
  num_gpu_blocks: orNull(
    Type.Integer({ minimum: 2 }),
    "KV blocks of an instance; null: what gpu_memory_utilization leaves beside the weights",
  ),
  gpu_memory_utilization: Type.Number({
    exclusiveMinimum: 0,
    maximum: 1,
    description: "Share of the bytes of the processors' memory for weights and KV blocks",
  }),
  max_num_batched_tokens: Type.Integer({ minimum: 1, description: "Tokens of one pass" }),
  max_model_len: orNull(
    Type.Integer({ minimum: 1 }),
    "Prompt and output tokens of a request; null: no limit but the KV blocks",
  ),
  max_tokens: orNull(Type.Integer({ minimum: 1 }), "Output tokens that a request may ask for; null: any number"),
  strict_model_len: Type.Boolean({ description: "Whether prompt and output together must stay below max_model_len" }),
  stepping: Type.Enum(["stretch", "single"], {
    description:
      "Whether passes of unchanged decodes are one event together, or one each; results are the same, up to rounding if times grow with the context",
  }),
  arrivals: Type.Enum(["time", "pass"], {
    description: "Whether requests arrive as their trace says, or at the passes that queries_per_pass says",
  }),
  queries_per_pass: Type.Array(Type.Integer({ minimum: 0 }), {
    description: "With arrivals=pass: requests that arrive at the start of each pass, in the trace's order",
  }),
};

export const vllmV1Schema = Type.Object(
  {
    _target_: Type.Enum(["engines.VllmV1"]),
    ...shared,
    max_num_seqs: Type.Integer({ minimum: 1, description: "Running requests" }),
    enable_chunked_prefill: Type.Boolean({ description: "Whether a prompt may be computed over several passes" }),
    enable_prefix_caching: Type.Boolean({
      description: "Whether computed blocks serve later requests that begin alike",
    }),
    scheduling_policy: Type.Enum(["fcfs", "priority"], {
      description:
        "Order of waiting requests, and who is preempted: the last one, or the one with the largest priority",
    }),
    long_prefill_token_threshold: Type.Integer({
      minimum: 0,
      description: "Prompt tokens of a request in one pass; 0: as many as fit",
    }),
    watermark: Type.Number({
      minimum: 0,
      maximum: 1,
      description: "Share of the blocks that admission leaves free while others run",
    }),
    scheduler_reserve_full_isl: Type.Boolean({
      description: "Whether a request is admitted only if all blocks of its present length are free",
    }),
    reserve_output: Type.Boolean({
      description:
        "Whether a request is given the blocks of all its output tokens at admission, and so is never preempted (Orca)",
    }),
    over_length: Type.Enum(["refuse", "truncate"], {
      description: "Requests longer than max_model_len: refused before the run, or their output ends there",
    }),
  },
  { additionalProperties: false },
);
export type VllmV1Parameters = Static<typeof vllmV1Schema>;

export const vllmV0Schema = Type.Object(
  {
    _target_: Type.Enum(["engines.VllmV0"]),
    ...shared,
    max_num_seqs: orNull(Type.Integer({ minimum: 1 }), "Running requests; null: any number (VllmSimulator)"),
    num_watermark_blocks: orNull(
      Type.Integer({ minimum: 0 }),
      "Blocks that admission leaves free; null: 1 % of all, rounded down",
    ),
    enable_chunked_prefill: Type.Boolean({
      description: "Whether prefill chunks join the decodes of a pass, or whole prompts get passes of their own, first",
    }),
    token_visibility: Type.Enum(["same_pass", "next_pass"], {
      description: "When a token counts as produced: at the end of its pass, or of the next one (VllmSimulator)",
    }),
    preempted_order: Type.Enum(["oldest_first", "latest_first"], {
      description: "Order in which requests preempted in one pass return (latest_first: VllmSimulator)",
    }),
    preempted_prefill: Type.Enum(["keep", "forget"], {
      description:
        "Whether a request preempted while it recomputes keeps its output tokens, or starts over (VllmSimulator)",
    }),
    idle_pass: Type.Enum(["skip", "error"], {
      description: "A pass without requests: the clock goes on to the next arrival, or the run ends (VllmSimulator)",
    }),
    over_length: Type.Enum(["refuse", "ignore"], {
      description: "Requests longer than max_model_len: refused before the run, or served all the same (VllmSimulator)",
    }),
  },
  { additionalProperties: false },
);
export type VllmV0Parameters = Static<typeof vllmV0Schema>;

export const vllmSchemas = [vllmV1Schema, vllmV0Schema] as const;
export type VllmParameters = VllmV1Parameters | VllmV0Parameters;
