/** PROPERTY_SEED fixes the cases that properties are tried with, so that a check can be repeated; without it each run of the tests draws new ones. */
import { configureGlobal } from "fast-check";

const seed = process.env.PROPERTY_SEED;
if (seed !== undefined) configureGlobal({ seed: Number(seed) });
