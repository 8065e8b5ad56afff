/** `sweep __complete WORD...`: called by the shells' completion scripts with the words typed so far. */
import { EXIT } from "../report-error.ts";
import { complete } from "./complete.ts";

/** Prints a candidate per line. Never fails: a message would end up in the middle of the user's command line. */
export async function completeCommand(words: readonly string[]): Promise<number> {
  try {
    const candidates = await complete(words);
    process.stdout.write(candidates.map((candidate) => `${candidate}\n`).join(""));
  } catch {
    // Nothing to offer.
  }
  return EXIT.done;
}
