/** What a cluster is made of. */

/** Operations/s of dense matrix products, by the precision of their elements. */
export interface PeakFlops {
  readonly fp16?: number;
  readonly fp8?: number;
  readonly int8?: number;
}

export interface Processor {
  readonly name: string;
  readonly memoryBytes: number;
  /** What computed times need; absent if the hardware repository does not say. */
  readonly memoryBytesPerSecond?: number | undefined;
  readonly peakFlops?: PeakFlops | undefined;
  readonly onchipBytes?: number | undefined;
  /** To the other processors of its server, each way. */
  readonly linkBytesPerSecond?: number | undefined;
  readonly linkLatencySeconds?: number | undefined;
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
