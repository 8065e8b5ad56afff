/** The contract between the variants of the roofline model and what asks them for times. */
import type { ModelArchitecture } from "../../workload/model.ts";
import type { ElementBytes } from "../../workload/model-dimensions.ts";
import type { BatchShape } from "../performance-model.ts";
import type { Operator, PassCounts } from "./operator.ts";
import type { Rates } from "./rates.ts";
import type { Rule } from "./rule.ts";

/** What a pass of a model costs on one processor of an instance, according to one variant. */
export interface PassPlan {
  /** In the order in which their times are added. */
  readonly operators: readonly Operator[];
  readonly rule: Rule;
  readonly bytesPerSecond: number;
  /** Whether prefills and decodes of a batch share its operators, or are two passes one after the other. */
  readonly mixesStages: boolean;
  /** Whether a decode takes longer with a longer context. */
  readonly readsContext: boolean;
  /** Sets the counts of a pass. No allocation. */
  count(batch: BatchShape, counts: PassCounts): void;
  /** Bytes of weights that one processor keeps. */
  readonly weightBytes: number;
  /** Activations that it keeps: the most that one operator reads and writes, or all that a layer writes. */
  readonly heldActivations: "largest_operator" | "layer_outputs";
}

export interface PlanParts {
  readonly architecture: ModelArchitecture;
  readonly elements: ElementBytes;
  readonly tensorParallelism: number;
  readonly rates: Rates;
  readonly flashAttention: boolean;
  /** Bytes of all weights. */
  readonly weightBytes: number;
}
