/** What a cluster is made of. */

export interface Processor {
  readonly name: string;
  readonly memoryBytes: number;
}

export interface Server {
  /** Counts up over the whole cluster, in the order of its SKU groups. */
  readonly id: number;
  readonly skuName: string;
  readonly processors: readonly Processor[];
}
