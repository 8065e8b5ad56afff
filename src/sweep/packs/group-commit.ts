/** Collects rows and commits them together: syncing a disk costs as much for a thousand rows as for one. */

export interface GroupCommitOptions<Row> {
  /** Makes rows durable, or throws. */
  readonly commit: (rows: readonly Row[]) => void;
  readonly largestGroup: number;
  /** A row waits no longer than this for others, if the event loop gets its turn. */
  readonly longestWaitMilliseconds: number;
}

export class GroupCommit<Row> {
  readonly #options: GroupCommitOptions<Row>;
  #waiting: Row[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastCommitMilliseconds = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(options: GroupCommitOptions<Row>) {
    this.#options = options;
  }

  /** Throws what a commit threw, this one or one between the calls. */
  add(row: Row): void {
    this.#throwFailure();
    this.#waiting.push(row);
    const { largestGroup, longestWaitMilliseconds } = this.#options;
    const sinceLast = performance.now() - this.#lastCommitMilliseconds;
    // Runs longer than the wait are committed at once: a simulation leaves timers no turn.
    if (this.#waiting.length >= largestGroup || sinceLast >= longestWaitMilliseconds) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushLater(), longestWaitMilliseconds);
  }

  /** Commits what waits. Throws what a commit threw. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#throwFailure();
    const rows = this.#waiting;
    this.#waiting = [];
    if (rows.length > 0) this.#options.commit(rows);
    this.#lastCommitMilliseconds = performance.now();
  }

  #flushLater(): void {
    try {
      this.flush();
    } catch (error) {
      this.#failure = error;
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
