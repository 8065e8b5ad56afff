/** Parameters of an instance, named as in SplitwiseSim's start states. */
export interface InstanceParameters {
  readonly instance_type: "ORCA" | "Splitwise" | "DEFAULT";
  readonly max_batch_size: number;
  readonly max_batch_tokens: number;
  readonly max_preemptions: number;
  readonly pipeline_parallelism: number;
  readonly tensor_parallelism: number;
}
