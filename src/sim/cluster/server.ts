/** What a cluster is made of. */

export interface Processor {
  readonly name: string;
  readonly memoryBytes: number;
  readonly memoryBytesPerSecond?: number | undefined;
  /** Its share of its server's network bandwidth, each way, if that is known. */
  readonly networkBytesPerSecond?: number | undefined;
}

export interface Server {
  /** Counts up over the whole cluster, in the order of its SKU groups. */
  readonly id: number;
  readonly skuName: string;
  readonly processors: readonly Processor[];
}

/** Network bandwidth of processors together, each way; undefined if that of one is not known. */
export function networkBytesPerSecond(processors: readonly Processor[]): number | undefined {
  let sum = 0;
  for (const { networkBytesPerSecond: own } of processors) {
    if (own === undefined) return undefined;
    sum += own;
  }
  return sum;
}
