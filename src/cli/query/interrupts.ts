/** Signals that end a query. DuckDB computes on threads of its own, which may write to its folder until they are told to stop. */
import { EXIT } from "../report-error.ts";

export interface Interrupts {
  /** Stops what is running; before it is set, and at the second signal, the process ends at once. */
  onInterrupt: (() => void) | undefined;
  isInterrupted(): boolean;
  close(): void;
}

/** An interruption just before a query starts would pass unheard. */
const REPEAT_MILLISECONDS = 100;

export function listenForInterrupts(): Interrupts {
  let repeating: NodeJS.Timeout | undefined;
  const hear = () => {
    if (interrupts.onInterrupt === undefined || repeating !== undefined) process.exit(EXIT.interrupted);
    interrupts.onInterrupt();
    repeating = setInterval(interrupts.onInterrupt, REPEAT_MILLISECONDS);
  };
  const interrupts: Interrupts = {
    onInterrupt: undefined,
    isInterrupted: () => repeating !== undefined,
    close() {
      clearInterval(repeating);
      process.off("SIGINT", hear).off("SIGTERM", hear);
    },
  };
  process.on("SIGINT", hear).on("SIGTERM", hear);
  return interrupts;
}
