// Puts the package's own commands into node_modules/.bin, where npm's scripts, npm exec of older versions and a PATH with
// that folder find them.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";

const root = new URL("../", import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const folder = new URL("node_modules/.bin/", root);
// Windows needs command files instead of links; there npx takes its own way.
if (process.platform !== "win32" && existsSync(new URL("node_modules", root))) {
  mkdirSync(folder, { recursive: true });
  for (const [name, file] of Object.entries(bin)) {
    rmSync(new URL(name, folder), { force: true });
    symlinkSync(`../../${file}`, new URL(name, folder));
  }
}
