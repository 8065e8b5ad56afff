/** All placements of models. */
import { fastestStart } from "./fastest-start.ts";
import { greedy } from "./greedy.ts";
import { leastLoaded } from "./least-loaded.ts";
import type { ModelPlacementDefinition } from "./model-placement.ts";
import { staticPlacement } from "./static.ts";

export const modelPlacements: readonly ModelPlacementDefinition[] = [
  fastestStart,
  leastLoaded,
  staticPlacement,
  greedy,
];
