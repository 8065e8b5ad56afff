// The layers of docs/architecture.md: data flows one way.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: `^src/${from}` },
  to: { path: "^src/", pathNot: allowed.map((path) => `^src/${path}`) },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-orphans", severity: "error", from: { orphan: true, path: "^src/", pathNot: "\\.d\\.ts$" }, to: {} },
    only(
      "config-stands-alone",
      "config/",
      ["config/", "(errors|suggest)\\.ts$"],
      "The composition engine knows no simulator.",
    ),
    only(
      "sim-stands-alone",
      "sim/",
      ["sim/", "(errors|suggest)\\.ts$"],
      "The simulator knows no files, configs or sweeps.",
    ),
    {
      name: "sim-is-pure",
      comment: "No files, clocks, consoles or threads; pure-rand and hashing are arithmetic.",
      severity: "error",
      from: { path: "^src/sim/", pathNot: "\\.schema\\.ts$" },
      to: {
        dependencyTypes: ["core", "npm", "npm-dev", "npm-optional"],
        pathNot: "node_modules/pure-rand/|^(node:)?crypto$",
      },
    },
    only("traces", "traces/", [
      "traces/",
      "sim/workload/",
      "sim/kernel/(random|distributions|numpy-legacy)",
      "(errors|suggest)\\.ts$",
    ]),
    only("results", "results/", ["results/", "sim/recorder\\.ts$", "sim/workload/", "(errors|suggest)\\.ts$"]),
    only(
      "sweep",
      "sweep/",
      ["sweep/", "results/", "config/", "(errors|suggest)\\.ts$"],
      "A sweep knows configs and a function that runs one.",
    ),
    only(
      "analysis",
      "analysis/",
      ["analysis/", "results/", "sweep/", "(errors|suggest)\\.ts$"],
      "What a finished sweep shows is read from its results alone.",
    ),
    only(
      "report",
      "report/",
      ["report/", "analysis/", "config/", "results/", "sweep/", "(errors|suggest)\\.ts$"],
      "Reports and figures read what a sweep's shards hold.",
    ),
    only(
      "query",
      "query/",
      ["query/", "analysis/", "results/", "sweep/", "(errors|suggest)\\.ts$"],
      "Queries read what a sweep's shards hold.",
    ),
    {
      name: "schemas-at-build-time",
      comment: "Loading typebox costs 150 ms: schema files are imported as types only, except by each other.",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.schema\\.ts$" },
      to: { path: "\\.schema\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nothing-imports-cli",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: { path: "^src/cli/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
