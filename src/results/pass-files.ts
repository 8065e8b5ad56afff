/** Logs of passes: the tokens of each request, as verifiers of engines exchange them, and all else about a pass. */
import type { PassLogRow, RunRecord } from "../sim/recorder.ts";

/** A JSON list with an object per pass: tokens by request, and their sum as `total_batched_tokens` (VllmSimulator). */
export function passTokensJson(rows: readonly PassLogRow[], { trace }: RunRecord): string {
  const passes = rows.map(({ requests, tokens, totalTokens }) => {
    const entries = requests.map((request, index) => [trace.requestId[request], tokens[index]]);
    return JSON.stringify(Object.fromEntries([...entries, ["total_batched_tokens", totalTokens]]));
  });
  return `[\n${passes.join(",\n")}\n]\n`;
}

/** JSON Lines, an object per pass: who was scheduled, preempted, finished; queues and free blocks after it. */
export function passDetailJsonl(rows: readonly PassLogRow[], { trace }: RunRecord): string {
  const ids = (requests: readonly number[]) => requests.map((request) => trace.requestId[request]);
  return rows
    .map((row) =>
      JSON.stringify({
        start: row.startSeconds,
        duration: row.durationSeconds,
        requests: ids(row.requests),
        tokens: row.tokens,
        has_prefill: row.hasPrefill,
        preempted: ids(row.preempted),
        prefix_hits: row.prefixHits.map(([request, tokens]) => [trace.requestId[request], tokens]),
        emitted: ids(row.emitted),
        finished: ids(row.finished),
        running_after: ids(row.running),
        waiting_after: ids(row.waiting),
        free_blocks_after: row.freeBlocks,
      }),
    )
    .map((line) => `${line}\n`)
    .join("");
}
