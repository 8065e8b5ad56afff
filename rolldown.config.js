// Packs the command's modules into a few files: loading them one by one takes longer than composing a configuration.
import { defineConfig } from "rolldown";

export default defineConfig({
  input: { main: "dist/cli/main.js", worker: "dist/cli/worker.js", "remote-worker": "dist/cli/remote-worker.js" },
  // Not "node", for which yaml gives CommonJS: of its ES modules what is not used can be left out.
  platform: "neutral",
  // ajv and piscina load files of their own at run time.
  external: ["bullmq", "cli-progress", "highs", "ioredis", "piscina", /^ajv/, /^node:/],
  output: { dir: "dist/command", chunkFileNames: "[name]-[hash].js", cleanDir: true },
});
