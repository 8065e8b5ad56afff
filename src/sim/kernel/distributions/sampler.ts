import type { RandomStream } from "../random.ts";

/** Draws one value of a distribution. All draws that it needs come from the stream. */
export type Sampler = (random: RandomStream) => number;
