import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Batch } from "../../../src/sim/engine/batch.ts";
import { Requests } from "../../../src/sim/workload/requests.ts";
import { decodeTask, isDecode, prefillTask, requestOf } from "../../../src/sim/workload/task-table.ts";
import { traceOf } from "../inputs.ts";

const PROMPTS = Array.from({ length: 400 }, (_, request) => 3 * request + 1);
const requests = new Requests(traceOf(PROMPTS.map((prompt) => ({ arrival: 0, prompt, output: 2 }))));

interface Member {
  readonly task: number;
  left: number;
}

/** What the batch says of itself, and the same from a plain list of members. */
function described(batch: Batch) {
  return {
    tasks: Array.from({ length: batch.size }, (_, index) => batch.tasks[index]),
    left: Array.from({ length: batch.size }, (_, index) => batch.finishAt[index] - batch.iterations),
    prefills: batch.prefills,
    decodes: batch.decodes,
    promptTokens: batch.promptTokens,
    squaredPromptTokens: batch.squaredPromptTokens,
  };
}

function expected(members: readonly Member[]) {
  const prompts = members.filter(({ task }) => !isDecode(task)).map(({ task }) => PROMPTS[requestOf(task)]);
  return {
    tasks: members.map(({ task }) => task),
    left: members.map(({ left }) => left),
    prefills: prompts.length,
    decodes: members.length - prompts.length,
    promptTokens: prompts.reduce((sum, tokens) => sum + tokens, 0),
    squaredPromptTokens: prompts.reduce((sum, tokens) => sum + tokens * tokens, 0),
  };
}

const step = fc.oneof(
  fc.record({ kind: fc.constant("decode" as const), iterations: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant("prefill" as const) }),
  fc.record({ kind: fc.constant("preempt" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant("run" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

describe("Batch", () => {
  test("behaves as a list of tasks with iterations left: shape, next finish and who is finished", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const batch = new Batch(requests);
        let members: Member[] = [];
        steps.forEach((operation, request) => {
          if (operation.kind === "decode") {
            batch.add(decodeTask(request), operation.iterations);
            members.push({ task: decodeTask(request), left: operation.iterations });
          } else if (operation.kind === "prefill") {
            batch.add(prefillTask(request), 1);
            members.push({ task: prefillTask(request), left: 1 });
          } else if (operation.kind === "preempt") {
            // Only decodes are preempted, from the end.
            const lastPrefill = members.findLastIndex(({ task }) => !isDecode(task));
            const size = Math.max(lastPrefill + 1, Math.round(operation.share * members.length));
            batch.truncate(size);
            members = members.slice(0, size);
          } else if (members.length > 0) {
            const shortest = Math.min(...members.map(({ left }) => left));
            expect(batch.iterationsToNextFinish()).toBe(shortest);
            // A stretch may be cut before its end, at least one iteration after its start.
            const iterations = Math.max(1, Math.round(operation.share * shortest));
            batch.iterations += iterations;
            for (const member of members) member.left -= iterations;
            const done = members.filter(({ left }) => left === 0).map(({ task }) => task);
            if (done.length > 0) expect(batch.someFinished()).toBe(true);
            if (batch.someFinished()) {
              const count = batch.removeFinished();
              expect([...batch.finished.subarray(0, count)]).toEqual(done);
            }
            members = members.filter(({ left }) => left > 0);
          }
          expect(described(batch)).toEqual(expected(members));
        });
      }),
    );
  });

  test("an iteration with a prefill is a stretch of its own", () => {
    const batch = new Batch(requests);
    batch.add(decodeTask(0), 50);
    expect(batch.iterationsToNextFinish()).toBe(50);
    batch.add(prefillTask(1), 1);
    expect(batch.iterationsToNextFinish()).toBe(1);
  });

  test("after the decode that would finish first was preempted, the next one decides", () => {
    const batch = new Batch(requests);
    batch.add(decodeTask(0), 9);
    batch.add(decodeTask(1), 4);
    batch.truncate(1);
    expect(batch.iterationsToNextFinish()).toBe(9);
  });

  test("grows beyond 64 tasks", () => {
    const batch = new Batch(requests);
    for (let request = 0; request < 200; request++) batch.add(decodeTask(request), request + 1);
    expect([batch.size, batch.tasks[199], batch.finishAt[199]]).toEqual([200, decodeTask(199), 200]);
    expect(batch.iterationsToNextFinish()).toBe(1);
  });
});
