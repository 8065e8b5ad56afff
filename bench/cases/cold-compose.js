// The default configuration composed and printed by a process that has loaded the engine and nothing else: what one
// composition adds to a command's start. Each repetition is a process of its own; loading the engine is not counted.
import { execFileSync } from "node:child_process";

const SCRIPT = `
import { openWorkspace } from ${JSON.stringify(new URL("../../dist/inputs/workspace.js", import.meta.url))};
const { composer } = openWorkspace({});
const start = performance.now();
composer.compose([]).toYaml("job", { resolve: true });
console.log((performance.now() - start) / 1000);
`;

export function coldCompose() {
  const run = () => {
    const text = execFileSync(process.execPath, ["--input-type=module", "--eval", SCRIPT], { encoding: "utf8" });
    return { jobs: 1, wallSeconds: Number(text) };
  };
  return { run, warmUps: 1, repetitions: 11 };
}
