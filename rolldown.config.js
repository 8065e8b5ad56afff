// Packs the command's modules into a few files: loading them one by one takes longer than composing a configuration.
// And the code of the report's page into one, which every report carries.
import { defineConfig } from "rolldown";

export default defineConfig([
  {
    input: { main: "dist/cli/main.js", worker: "dist/cli/worker.js", "remote-worker": "dist/cli/remote-worker.js" },
    // Not "node", for which yaml gives CommonJS: of its ES modules what is not used can be left out.
    platform: "neutral",
    // ajv and piscina load files of their own at run time.
    external: [
      "@observablehq/plot",
      "@resvg/resvg-js",
      "bullmq",
      "cli-progress",
      "highs",
      "ioredis",
      "linkedom",
      "piscina",
      /^ajv/,
      /^node:/,
    ],
    output: { dir: "dist/command", chunkFileNames: "[name]-[hash].js", cleanDir: true },
  },
  {
    input: "src/report/client/main.ts",
    platform: "browser",
    tsconfig: "tsconfig.client.json",
    output: { file: "dist/report/browser.js", format: "iife", minify: true },
  },
]);
