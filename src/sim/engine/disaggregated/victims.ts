/** Who leaves a decode batch that outgrows the memory. */
import type { Batch } from "../batch.ts";
import type { DisaggregatedParameters } from "./disaggregated.schema.ts";

export interface Victims {
  /** Everybody leaves at once. */
  readonly takeAll: boolean;
  /** Index in the batch of the next to leave; the latest to join among equals. */
  next(batch: Batch): number;
}

const extreme =
  (sign: 1 | -1): Victims["next"] =>
  (batch) => {
    let found = batch.size - 1;
    for (let index = found - 1; index >= 0; index--) {
      if (sign * (batch.contextOf(index) - batch.contextOf(found)) > 0) found = index;
    }
    return found;
  };

const NEXT: Readonly<Record<DisaggregatedParameters["victims"], Victims["next"]>> = {
  last_in: (batch) => batch.size - 1,
  first_in: () => 0,
  longest: extreme(1),
  shortest: extreme(-1),
  all: (batch) => batch.size - 1,
};

export function victimsOf(name: DisaggregatedParameters["victims"]): Victims {
  return { takeAll: name === "all", next: NEXT[name] };
}
