import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharePrefixes } from "../../src/traces/shared-prefixes.ts";
import type { PrefixParameters } from "../../src/traces/trace.schema.ts";

function share(parameters: PrefixParameters, turns: readonly (readonly [number, number])[], seed = 0) {
  const { promptTokens, prefixBlocks } = sharePrefixes(
    parameters,
    Int32Array.from(turns, ([tokens]) => tokens),
    Int32Array.from(turns, ([, output]) => output),
    seed,
  );
  const { ids, offsets } = prefixBlocks;
  return {
    prompts: Array.from(promptTokens),
    blocks: turns.map((_, row) => Array.from(ids.slice(offsets[row], offsets[row + 1]))),
  };
}

describe("prompts that begin alike", () => {
  it("repeat in a chat all that was said before, in whole blocks (worked by hand)", () => {
    // A mean of a million turns: the chat does not end within the test.
    const chats = { turns: 1e6, concurrent: 1 };
    const { prompts, blocks } = share({ block_tokens: 10, chats }, [
      [25, 4],
      [3, 5],
      [20, 1],
    ]);
    expect(prompts).toEqual([25, 32, 57]);
    expect(blocks).toEqual([
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3, 4],
    ]);
  });

  it("have a system prompt beside their own text, the block that it ends in their own", () => {
    const { prompts, blocks } = share({ block_tokens: 10, system_prompts: { share: 1, count: 1, tokens: 25 } }, [
      [5, 1],
      [15, 1],
    ]);
    expect(prompts).toEqual([30, 40]);
    expect(blocks).toEqual([
      [0, 1, 2],
      [0, 1, 3, 4],
    ]);
  });

  it("end a chat before a prompt that would be longer than max_tokens", () => {
    const { prompts } = share({ chats: { turns: 1e6, concurrent: 1, max_tokens: 50 } }, [
      [20, 10],
      [20, 10],
      [80, 1],
    ]);
    expect(prompts).toEqual([20, 50, 50]);
    const next = share({ chats: { turns: 1e6, concurrent: 1, max_tokens: 50 } }, [
      [20, 10],
      [21, 1],
    ]);
    expect(next.prompts).toEqual([20, 21]);
  });

  it("come in the shares, numbers and mean turns asked for", () => {
    const turns = Array.from({ length: 20_000 }, () => [16, 16] as const);
    const { blocks } = share({ chats: { turns: 4, concurrent: 50, max_tokens: 1e6 } }, turns);
    // A chat of k turns is k rows that begin with one block: distinct first blocks are chats.
    const chats = new Set(blocks.map(([first]) => first)).size;
    expect(turns.length / chats).toBeGreaterThan(3.8);
    expect(turns.length / chats).toBeLessThan(4.2);
    const system = share({ system_prompts: { share: 0.25, count: 3, tokens: 32 } }, turns);
    const begin = new Map<number, number>();
    for (const [first] of system.blocks) begin.set(first, (begin.get(first) ?? 0) + 1);
    const shared = [...begin.values()].filter((count) => count > 1);
    expect(shared).toHaveLength(3);
    // Binomial(20000, 1/12): 1667 with a standard deviation of 39.
    for (const count of shared) expect(Math.abs(count - 1667)).toBeLessThan(4 * 39);
  });

  it("are the same for the same seed, and others for another", () => {
    const turns = Array.from({ length: 50 }, (_, row) => [row + 1, 7] as const);
    const parameters = { chats: { turns: 3, concurrent: 4 } };
    expect(share(parameters, turns, 1)).toEqual(share(parameters, turns, 1));
    expect(share(parameters, turns, 1)).not.toEqual(share(parameters, turns, 2));
  });

  it("have every whole block of a prompt once, and equal ids only at equal places", () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 50 })), {
      minLength: 1,
      maxLength: 60,
    });
    const parameters = fc.record({
      block_tokens: fc.integer({ min: 1, max: 40 }),
      system_prompts: fc.option(
        fc.record({
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          count: fc.integer({ min: 1, max: 3 }),
          tokens: fc.integer({ min: 1, max: 99 }),
        }),
      ),
      chats: fc.option(
        fc.record({
          turns: fc.integer({ min: 1, max: 9 }),
          concurrent: fc.integer({ min: 1, max: 5 }),
          max_tokens: fc.integer({ min: 100, max: 500 }),
        }),
      ),
    });
    fc.assert(
      fc.property(parameters, lengths, fc.integer(), (node, turns, seed) => {
        const { prompts, blocks } = share(node, turns, seed);
        const placeOf = new Map<number, string>();
        blocks.forEach((ids, row) => {
          expect(ids).toHaveLength(Math.floor(prompts[row] / node.block_tokens));
          ids.forEach((id, place) => {
            const here = JSON.stringify([place, ids.slice(0, place)]);
            expect(placeOf.get(id) ?? here).toBe(here);
            placeOf.set(id, here);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  it("are refused where system prompts leave no room, and where there are too many blocks", () => {
    const long = {
      system_prompts: { share: 1, count: 1, tokens: 100 },
      chats: { turns: 2, concurrent: 1, max_tokens: 100 },
    };
    expect(() => share(long, [])).toThrow("System prompts of 100 tokens leave no room");
    const many = { block_tokens: 1, system_prompts: { share: 1, count: 1, tokens: 2 ** 31 - 2 } };
    expect(() => share(many, [[1, 1]])).toThrow("The prompts have more than 268435456 blocks in all.");
  });
});
