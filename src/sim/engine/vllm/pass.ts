/** One pass of an engine: which requests compute how many tokens. */
import type { BatchShape } from "../../performance/performance-model.ts";
import { RequestList } from "./request-list.ts";
import type { RequestState } from "./request-state.ts";

export class Pass implements BatchShape {
  /** In the order in which they were scheduled. */
  readonly scheduled = new RequestList();
  /** Tokens of each of them. */
  tokens = new Int32Array(64);
  totalTokens = 0;
  /** In the order in which they lost their blocks. */
  readonly preempted = new RequestList();
  /** Requests whose first tokens were found in the prefix cache at their admission, and how many tokens. */
  readonly prefixHits: [request: number, tokens: number][] = [];
  prefills = 0;
  promptTokens = 0;
  squaredPromptTokens = 0;
  promptContextProducts = 0;
  decodes = 0;
  contextTokens = 0;

  clear(): void {
    this.scheduled.clear();
    this.preempted.clear();
    if (this.prefixHits.length > 0) this.prefixHits.length = 0;
    this.totalTokens = 0;
    this.prefills = 0;
    this.promptTokens = 0;
    this.squaredPromptTokens = 0;
    this.promptContextProducts = 0;
    this.decodes = 0;
    this.contextTokens = 0;
  }

  schedule(request: number, tokens: number): void {
    const index = this.scheduled.count;
    this.scheduled.push(request);
    if (index === this.tokens.length) {
      const larger = new Int32Array(2 * index);
      larger.set(this.tokens);
      this.tokens = larger;
    }
    this.tokens[index] = tokens;
    this.totalTokens += tokens;
  }

  /** Takes a request out of the pass; returns its tokens, 0 if it was not in it. */
  unschedule(request: number): number {
    const { scheduled, tokens } = this;
    for (let index = scheduled.count - 1; index >= 0; index--) {
      if (scheduled.items[index] !== request) continue;
      const given = tokens[index];
      tokens.copyWithin(index, index + 1, scheduled.count);
      scheduled.removeAt(index);
      this.totalTokens -= given;
      return given;
    }
    return 0;
  }

  countDecode({ computedTokens }: RequestState, index: number): void {
    this.decodes++;
    this.contextTokens += computedTokens[this.scheduled.items[index]] + 1;
  }

  countPrefill({ computedTokens }: RequestState, index: number): void {
    const tokens = this.tokens[index];
    this.prefills++;
    this.promptTokens += tokens;
    this.squaredPromptTokens += tokens * tokens;
    this.promptContextProducts += tokens * computedTokens[this.scheduled.items[index]];
  }
}
