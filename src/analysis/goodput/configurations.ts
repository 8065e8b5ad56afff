/** Which parallelism a model can have on a cluster: the configurations that DistServe's placement search compares. */

/** Stages that a model's copy is cut into across nodes, then tensor and pipeline parallelism of prefills and of decodes. */
export type Configuration = readonly [
  crossStages: number,
  prefillTensor: number,
  prefillStages: number,
  decodeTensor: number,
  decodeStages: number,
];

export interface PlacementSpace {
  readonly layers: number;
  readonly heads: number;
  readonly nodes: number;
  readonly gpusPerNode: number;
  /** Network between nodes: as good as within them (`high`), or too slow for KV caches (`low`). */
  readonly affinity: "high" | "low";
}

/** In ascending order. Source: simdistserve at commit 82831f1. */
export function configurations(space: PlacementSpace): Configuration[] {
  return space.affinity === "high" ? withFastNetwork(space) : withSlowNetwork(space);
}

function withFastNetwork({ layers, heads, nodes, gpusPerNode }: PlacementSpace): Configuration[] {
  const gpus = nodes * gpusPerNode;
  const tensors = divisors(heads).filter((tensor) => tensor <= gpus);
  const stages = divisors(layers).filter((count) => count <= gpus);
  return combinations([1], tensors, stages).filter(([, tp, pp, td, pd]) => tp * pp + td * pd <= gpus);
}

/** A segment, some layers of prefill and decode instances, is within a node; KV caches never leave it. */
function withSlowNetwork({ layers, heads, nodes, gpusPerNode }: PlacementSpace): Configuration[] {
  const tensors = divisors(heads).filter((tensor) => tensor <= gpusPerNode);
  const stages = divisors(layers).filter((count) => count <= gpusPerNode);
  const cross = divisors(layers).filter((count) => count <= nodes);
  return combinations(cross, tensors, stages).filter(([segments, tp, pp, td, pd]) => {
    const segment = tp * pp + td * pd;
    if (segment > gpusPerNode || segments * segment > nodes * gpusPerNode) return false;
    return layers % (segments * pp) === 0 && layers % (segments * pd) === 0;
  });
}

function combinations(cross: number[], tensors: number[], stages: number[]): Configuration[] {
  return cross.flatMap((segments) =>
    tensors.flatMap((tp) =>
      stages.flatMap((pp) => tensors.flatMap((td) => stages.map((pd): Configuration => [segments, tp, pp, td, pd]))),
    ),
  );
}

function divisors(value: number): number[] {
  return Array.from({ length: value }, (_, i) => i + 1).filter((divisor) => value % divisor === 0);
}
