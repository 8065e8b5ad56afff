/** Commands that are several: `sweep trace generate`, `sweep profile fit` and their like. */
import { SweepError } from "../errors.ts";
import { suggest } from "../suggest.ts";
import { EXIT } from "./report-error.ts";

/** Takes the words after the action, and gives the exit status. */
export type Action = (words: readonly string[]) => number | Promise<number>;

/** By name. An action is loaded when it is asked for, as its libraries take their time. */
export type Actions = Readonly<Record<string, () => Promise<Action>>>;

/** `usage` is printed for `--help`, and where no action is named. Errors: an action that there is not. */
export async function runAction(
  command: string,
  usage: string,
  actions: Actions,
  [name, ...words]: readonly string[],
): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    process.stdout.write(usage);
    return EXIT.done;
  }
  const known = Object.keys(actions);
  if (!known.includes(name)) {
    const near = suggest(name, known)[0];
    throw new SweepError("USAGE", `There is no 'sweep ${command} ${name}'.`, {
      hint: near === undefined ? `There are: ${known.join(", ")}.` : `Did you mean '${near}'?`,
    });
  }
  const action = await actions[name]();
  return action(words);
}
