/** Operators of a forward pass on one processor: work that is linear in a few counts of the batch. */

/** What an operator's work depends on. */
export type Domain = "tokens" | "logits" | "prefill" | "decode";

/** Counts of one domain in one pass. */
export interface Counts {
  /** Tokens computed (for `logits`: sequences that the output head looks at; for attention: queries). */
  items: number;
  /** Pairs of a query and a token that it attends to. */
  pairs: number;
  /** Tokens whose keys and values are read, each as often as that happens. */
  kvTokens: number;
}

export type PassCounts = Readonly<Record<Domain, Counts>>;

/** Bytes and operations of one processor's share; all coefficients not negative. */
export interface Operator {
  readonly name: string;
  readonly domain: Domain;
  /** Times that it runs in a pass: in every layer, or once. */
  readonly repeats: number;
  /** Peak of its kind of element, times the efficiency of computing. */
  readonly flopsPerSecond: number;
  readonly weightBytes: number;
  readonly flopsPerItem: number;
  readonly inputBytesPerItem: number;
  readonly outputBytesPerItem: number;
  readonly kvWriteBytesPerItem: number;
  readonly flopsPerPair: number;
  readonly inputBytesPerPair: number;
  readonly outputBytesPerPair: number;
  readonly kvReadBytesPerToken: number;
  /** Seconds on the link between processors: per item, and before the first byte. */
  readonly networkSecondsPerItem: number;
  readonly networkLatencySeconds: number;
  /** Inputs and outputs of one item only, however many there are (LLM-Viewer's output head). */
  readonly isActivationOfOne: boolean;
}

const NOTHING = {
  weightBytes: 0,
  flopsPerItem: 0,
  inputBytesPerItem: 0,
  outputBytesPerItem: 0,
  kvWriteBytesPerItem: 0,
  flopsPerPair: 0,
  inputBytesPerPair: 0,
  outputBytesPerPair: 0,
  kvReadBytesPerToken: 0,
  networkSecondsPerItem: 0,
  networkLatencySeconds: 0,
  isActivationOfOne: false,
} as const;

type Named = Pick<Operator, "name" | "domain" | "repeats" | "flopsPerSecond">;

/** An operator of the given coefficients; those not given are 0. */
export function operator(given: Named & Partial<Operator>): Operator {
  return { ...NOTHING, ...given };
}

export function newCounts(): PassCounts {
  const none = () => ({ items: 0, pairs: 0, kvTokens: 0 });
  return { tokens: none(), logits: none(), prefill: none(), decode: none() };
}

/** The following are of one run of the operator. */
export function flopsOf(op: Operator, { items, pairs }: Counts): number {
  return op.flopsPerItem * items + op.flopsPerPair * pairs;
}

export function inputBytesOf(op: Operator, { items, pairs }: Counts): number {
  return op.inputBytesPerItem * (op.isActivationOfOne ? 1 : items) + op.inputBytesPerPair * pairs;
}

export function outputBytesOf(op: Operator, { items, pairs }: Counts): number {
  return op.outputBytesPerItem * (op.isActivationOfOne ? 1 : items) + op.outputBytesPerPair * pairs;
}

/** All bytes read from and written to memory. */
export function memoryBytesOf(op: Operator, counts: Counts): number {
  return (
    op.weightBytes +
    inputBytesOf(op, counts) +
    outputBytesOf(op, counts) +
    op.kvReadBytesPerToken * counts.kvTokens +
    op.kvWriteBytesPerItem * counts.items
  );
}
