/** Prompts that begin alike: system prompts, and chats in which a turn's prompt repeats all that was said before. */
import { ConfigError } from "../errors.ts";
import { createRandomStream, type RandomStream } from "../sim/kernel/random.ts";
import type { PrefixBlocks } from "../sim/workload/trace.ts";
import type { PrefixParameters } from "./trace.schema.ts";

const DEFAULT_BLOCK_TOKENS = 16;
const DEFAULT_MAX_TOKENS = 32_768;
/** Bounds the memory that a configuration can ask for: 1 GiB of block ids. */
const LARGEST_BLOCKS = 2 ** 28;
const LARGEST_TOKENS = 2 ** 31 - 1;

export interface PrefixedPrompts {
  readonly promptTokens: Int32Array;
  readonly prefixBlocks: PrefixBlocks;
}

interface Chat {
  /** Ids of the whole blocks of what was said so far; the next turn adds to them. */
  readonly blocks: number[];
  tokens: number;
}

/**
 * `newTokens` and `outputTokens` are what a user says in each turn, and the answers. Every request is the next turn of one of
 * the chats, whichever is drawn, and a chat that has ended makes room for a new one: rate and arrivals stay as they are.
 * Blocks are the whole ones of each prompt. Draws come from the stream `trace.prefixes`. Errors: ConfigError for more than
 * 2^28 blocks, or system prompts that leave no room in `chats.max_tokens`. O(blocks).
 */
export function sharePrefixes(
  parameters: PrefixParameters,
  newTokens: Int32Array,
  outputTokens: Int32Array,
  seed: number | string,
): PrefixedPrompts {
  const random = createRandomStream(seed, "trace.prefixes");
  const blockTokens = parameters.block_tokens ?? DEFAULT_BLOCK_TOKENS;
  const maxTokens = parameters.chats?.max_tokens ?? (parameters.chats == null ? LARGEST_TOKENS : DEFAULT_MAX_TOKENS);
  const systemPrompts = new SystemPrompts(parameters, blockTokens, maxTokens);
  const concurrent = parameters.chats?.concurrent ?? 1;
  const goesOn = 1 - 1 / (parameters.chats?.turns ?? 1);
  const chats: (Chat | undefined)[] = [];
  const promptTokens = new Int32Array(newTokens.length);
  const offsets = new Int32Array(newTokens.length + 1);
  const ids = new BlockIds();
  for (let row = 0; row < newTokens.length; row++) {
    const slot = random.below(concurrent);
    let chat = chats[slot];
    if (chat === undefined || chat.tokens + newTokens[row] > maxTokens) chat = systemPrompts.newChat(random, ids);
    const tokens = Math.min(chat.tokens + newTokens[row], maxTokens);
    const blocks = Math.floor(tokens / blockTokens);
    ids.reserve(blocks);
    while (chat.blocks.length < blocks) chat.blocks.push(ids.fresh(1));
    promptTokens[row] = tokens;
    ids.append(chat.blocks);
    offsets[row + 1] = ids.count;
    chat.tokens = tokens + outputTokens[row];
    chats[slot] = random.uniform() < goesOn ? chat : undefined;
  }
  return { promptTokens, prefixBlocks: { blockTokens, offsets, ids: ids.column() } };
}

/** Begins chats, some of them with a system prompt. */
class SystemPrompts {
  readonly #share: number;
  readonly #count: number;
  readonly #tokens: number;
  readonly #blocks: number;
  /** First of the consecutive block ids of each one that is in use. */
  readonly #firstIds = new Map<number, number>();

  constructor({ system_prompts: parameters }: PrefixParameters, blockTokens: number, maxTokens: number) {
    this.#share = parameters?.share ?? 0;
    this.#count = parameters?.count ?? 1;
    this.#tokens = parameters?.tokens ?? 0;
    this.#blocks = Math.floor(this.#tokens / blockTokens);
    if (this.#tokens < maxTokens) return;
    throw new ConfigError(
      "invalid_value",
      `System prompts of ${this.#tokens} tokens leave no room for anything else.`,
      {
        path: "trace.prefixes.system_prompts.tokens",
        hint: `A prompt has at most ${maxTokens} tokens (trace.prefixes.chats.max_tokens).`,
      },
    );
  }

  newChat(random: RandomStream, ids: BlockIds): Chat {
    const hasOne = random.uniform() < this.#share;
    const which = random.below(this.#count);
    if (!hasOne) return { blocks: [], tokens: 0 };
    let first = this.#firstIds.get(which);
    if (first === undefined) {
      ids.reserve(this.#blocks);
      first = ids.fresh(this.#blocks);
      this.#firstIds.set(which, first);
    }
    const blocks: number[] = [];
    for (let block = 0; block < this.#blocks; block++) blocks.push(first + block);
    return { blocks, tokens: this.#tokens };
  }
}

/** The ids of all rows' blocks, one row after the other. */
class BlockIds {
  count = 0;
  #ids = new Int32Array(1 << 16);
  #next = 0;

  /** The first of so many ids that nothing has yet. */
  fresh(count: number): number {
    const first = this.#next;
    this.#next += count;
    return first;
  }

  /** Makes room for so many more blocks. */
  reserve(blocks: number): void {
    if (this.count + blocks > LARGEST_BLOCKS) {
      throw new ConfigError("trace_length", `The prompts have more than ${LARGEST_BLOCKS} blocks in all.`, {
        path: "trace.prefixes.block_tokens",
        hint: "Raise it, or ask for fewer requests or shorter chats.",
      });
    }
    if (this.count + blocks <= this.#ids.length) return;
    const larger = new Int32Array(Math.max(2 * this.#ids.length, this.count + blocks));
    larger.set(this.#ids);
    this.#ids = larger;
  }

  /** Room for them is reserved. */
  append(blocks: readonly number[]): void {
    this.#ids.set(blocks, this.count);
    this.count += blocks.length;
  }

  column(): Int32Array {
    return this.#ids.slice(0, this.count);
  }
}
