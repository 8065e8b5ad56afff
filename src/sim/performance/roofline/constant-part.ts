/** Seconds of an iteration less what grows with the context: the same in all iterations of a stretch. */
import type { BatchShape } from "../performance-model.ts";
import { newCounts, type Operator } from "./operator.ts";
import { passSeconds } from "./pass-analysis.ts";
import type { PassPlan } from "./plan.ts";

/** Counts up to here are looked up once known; larger ones are computed each time. */
const REMEMBERED = 8192;

/** Seconds of a pass, of prefills, decodes or both. No allocation once counts have been met before. */
export interface ConstantPart {
  seconds(batch: BatchShape): number;
}

/** One pass for all of the batch. What depends on tokens and on sequences alone is remembered by their number. */
export class SharedPass implements ConstantPart {
  readonly #plan: PassPlan;
  readonly #counts = newCounts();
  readonly #byTokens = new Float64Array(REMEMBERED + 1).fill(-1);
  readonly #byLogits = new Float64Array(REMEMBERED + 1).fill(-1);

  constructor(plan: PassPlan) {
    this.#plan = plan;
  }

  seconds(batch: BatchShape): number {
    const counts = this.#counts;
    this.#plan.count(batch, counts);
    const common = this.#of(IN_TOKENS, this.#byTokens, counts.tokens.items);
    const head = this.#of(IN_LOGITS, this.#byLogits, counts.logits.items);
    return common + head + (batch.prefills > 0 ? passSeconds(this.#plan, counts, IN_PREFILL) : 0);
  }

  #of(domain: OperatorFilter, known: Float64Array, items: number): number {
    if (items > REMEMBERED) return passSeconds(this.#plan, this.#counts, domain);
    if (known[items] < 0) known[items] = passSeconds(this.#plan, this.#counts, domain);
    return known[items];
  }
}

type OperatorFilter = (op: Operator) => boolean;
const IN_TOKENS: OperatorFilter = ({ domain }) => domain === "tokens";
const IN_LOGITS: OperatorFilter = ({ domain }) => domain === "logits";
const IN_PREFILL: OperatorFilter = ({ domain }) => domain === "prefill";
const NOT_DECODE: OperatorFilter = ({ domain }) => domain !== "decode";
const ALL: OperatorFilter = () => true;

/** A pass for the prefills and one for the decodes, as originals without mixed batches time them. */
export class SeparatePasses implements ConstantPart {
  readonly #plan: PassPlan;
  readonly #counts = newCounts();
  readonly #decodeFilter: OperatorFilter;
  readonly #byDecodes = new Float64Array(REMEMBERED + 1).fill(-1);
  /** Of a single prefill, which is all that prefill instances of LLM-Serving-Simulator run. */
  readonly #byPromptTokens = new Map<number, number>();
  readonly #stage: { -readonly [Key in keyof BatchShape]: number } = {
    prefills: 0,
    promptTokens: 0,
    squaredPromptTokens: 0,
    promptContextProducts: 0,
    decodes: 0,
    contextTokens: 0,
  };

  constructor(plan: PassPlan) {
    this.#plan = plan;
    this.#decodeFilter = plan.readsContext ? NOT_DECODE : ALL;
  }

  seconds(batch: BatchShape): number {
    return (batch.prefills > 0 ? this.#prefill(batch) : 0) + (batch.decodes > 0 ? this.#decode(batch.decodes) : 0);
  }

  #prefill(batch: BatchShape): number {
    const { prefills, promptTokens } = batch;
    if (prefills > 1) return this.#prefillPass(batch);
    let seconds = this.#byPromptTokens.get(promptTokens);
    if (seconds === undefined) {
      seconds = this.#prefillPass(batch);
      this.#byPromptTokens.set(promptTokens, seconds);
    }
    return seconds;
  }

  #prefillPass({ prefills, promptTokens, squaredPromptTokens }: BatchShape): number {
    Object.assign(this.#stage, { prefills, promptTokens, squaredPromptTokens, decodes: 0 });
    this.#plan.count(this.#stage, this.#counts);
    return passSeconds(this.#plan, this.#counts, ALL);
  }

  #decode(decodes: number): number {
    const isKnown = decodes <= REMEMBERED && this.#byDecodes[decodes] >= 0;
    if (isKnown) return this.#byDecodes[decodes];
    Object.assign(this.#stage, { prefills: 0, promptTokens: 0, squaredPromptTokens: 0, decodes });
    this.#plan.count(this.#stage, this.#counts);
    const seconds = passSeconds(this.#plan, this.#counts, this.#decodeFilter);
    if (decodes <= REMEMBERED) this.#byDecodes[decodes] = seconds;
    return seconds;
  }
}
