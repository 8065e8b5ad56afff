/**
 * Tokens per pass: a JSON list with an object per pass of the engine, tokens by request, and their sum as
 * `total_batched_tokens` (VllmSimulator's verifier of tokens).
 */
import { TraceError } from "../../errors.ts";
import { FieldReader, isJsonObject, parseJson } from "./record-fields.ts";

const TOTAL = "total_batched_tokens";

/** Tokens by request. */
export type Pass = ReadonlyMap<string, number>;

/** Errors: TraceError with the number of the pass, from 0. */
export function readPassList(text: string, file: string): Pass[] {
  const value = parseJson(text, file);
  if (!Array.isArray(value) || value.length === 0) {
    throw new TraceError(
      "The file is no list of passes.",
      { file },
      {
        hint: `A pass is an object such as {"a": 512, "b": 1, "${TOTAL}": 513}.`,
      },
    );
  }
  const reader = new FieldReader();
  const passes = value.map((entry, index) => readPass(entry, index, reader, file));
  reader.finish();
  return passes;
}

function readPass(entry: unknown, index: number, reader: FieldReader, file: string): Pass {
  if (!isJsonObject(entry)) {
    reader.mistake(`Pass ${index} is no object of tokens by request.`, { file });
    return new Map();
  }
  const pass = new Map<string, number>();
  let sum = 0;
  for (const [request, tokens] of Object.entries(entry)) {
    if (request === TOTAL) continue;
    const count = reader.tokens(tokens, `Request '${request}' of pass ${index}`, { file });
    pass.set(request, count);
    sum += count;
  }
  const total = entry[TOTAL];
  if (total !== undefined && total !== sum) {
    reader.mistake(`${TOTAL} of pass ${index} is ${JSON.stringify(total)}, and its tokens add up to ${sum}.`, { file });
  }
  return pass;
}

export interface PassDifference {
  /** From 0. */
  readonly pass: number;
  readonly only_engine: Readonly<Record<string, number>>;
  readonly only_sim: Readonly<Record<string, number>>;
  readonly different: Readonly<Record<string, { readonly engine: number; readonly sim: number }>>;
}

export interface PassComparison {
  readonly identical: boolean;
  readonly passes: { readonly engine: number; readonly sim: number };
  /** The first only, unless all were asked for. */
  readonly differences: readonly PassDifference[];
}

/** Position by position, as far as both lists go. */
export function comparePasses(engine: readonly Pass[], sim: readonly Pass[], all: boolean): PassComparison {
  const differences: PassDifference[] = [];
  const common = Math.min(engine.length, sim.length);
  for (let pass = 0; pass < common && (all || differences.length === 0); pass++) {
    const difference = comparePass(pass, engine[pass], sim[pass]);
    if (difference !== undefined) differences.push(difference);
  }
  return {
    identical: differences.length === 0 && engine.length === sim.length,
    passes: { engine: engine.length, sim: sim.length },
    differences,
  };
}

function comparePass(pass: number, engine: Pass, sim: Pass): PassDifference | undefined {
  const onlyEngine = [...engine].filter(([request]) => !sim.has(request));
  const onlySim = [...sim].filter(([request]) => !engine.has(request));
  const different = [...engine].flatMap(([request, tokens]) => {
    const other = sim.get(request);
    return other === undefined || other === tokens ? [] : [[request, { engine: tokens, sim: other }] as const];
  });
  if (onlyEngine.length + onlySim.length + different.length === 0) return undefined;
  return {
    pass,
    only_engine: Object.fromEntries(onlyEngine),
    only_sim: Object.fromEntries(onlySim),
    different: Object.fromEntries(different),
  };
}
