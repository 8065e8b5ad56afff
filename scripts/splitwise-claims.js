/**
 * What the Splitwise paper (Patel et al., ISCA 2024) and SplitwiseSim's notebooks say, and how to read the same off our
 * analyses. `analyses` are the outputs of `sweep analyse splitwise --json` by group of studies.
 */

/** Clusters of the paper's plots of slowdown against rate, by plot: numbers of prefill and decode servers. */
const PLOTTED = [
  {
    plot: "equal power, conversation",
    group: "isopower",
    family: "rr_conv",
    clusters: {
      "Splitwise-AA": [45, 25],
      "Splitwise-HH": [25, 15],
      "Splitwise-HA": [25, 26],
      "Splitwise-HHcap": [25, 21],
    },
  },
  {
    plot: "equal power, code",
    group: "isopower",
    family: "rr_code",
    clusters: {
      "Splitwise-AA": [55, 15],
      "Splitwise-HH": [35, 5],
      "Splitwise-HA": [35, 8],
      "Splitwise-HHcap": [35, 7],
    },
  },
  {
    plot: "equal cost, conversation",
    group: "isocost",
    family: "rr_conv",
    clusters: {
      "Splitwise-AA": [51, 35],
      "Splitwise-HH": [25, 15],
      "Splitwise-HA": [30, 21],
      "Splitwise-HHcap": [30, 10],
    },
  },
  {
    plot: "equal cost, code",
    group: "isocost",
    family: "rr_code",
    clusters: {
      "Splitwise-AA": [66, 20],
      "Splitwise-HH": [35, 5],
      "Splitwise-HA": [35, 10],
      "Splitwise-HHcap": [35, 7],
    },
  },
];

const SYSTEMS = ["Baseline-A100", "Baseline-H100", "Splitwise-AA", "Splitwise-HH", "Splitwise-HA", "Splitwise-HHcap"];

const FAMILIES = { conversation: "rr_conv", code: "rr_code" };

/** Markdown rows: claim, published, source, ours. */
export function claimRows(analyses) {
  const ABSTRACT = "abstract";
  const UNVERIFIED = "**unverified** (from memory)";
  return [
    [
      "At the power (and cost) of 70 DGX-A100: Splitwise-AA against Baseline-A100",
      "2.35x throughput",
      ABSTRACT,
      rates(analyses.isopower, "Splitwise-AA", "Baseline-A100"),
    ],
    ["The same", "2.15x", UNVERIFIED, "as above"],
    [
      "At equal power and 19 % lower cost: Splitwise-AA against Baseline-H100",
      "1.4x throughput at 20 % lower cost",
      ABSTRACT,
      rates(analyses.isopower, "Splitwise-AA", "Baseline-H100"),
    ],
    [
      "At equal power: Splitwise-HA against Baseline-H100",
      "1.18x at 10 % lower cost",
      UNVERIFIED,
      rates(analyses.isopower, "Splitwise-HA", "Baseline-H100", "cost"),
    ],
    [
      "At equal cost: Splitwise-AA against Baseline-H100",
      "1.4x with 25 % more power, twice the machines",
      UNVERIFIED,
      rates(analyses.isocost, "Splitwise-AA", "Baseline-H100", "power"),
    ],
    [
      "At 70 requests/s: least power of Splitwise-HHcap against Baseline-H100",
      "25 % less",
      UNVERIFIED,
      leasts(analyses.costopt, "power", "Splitwise-HHcap", "Baseline-H100"),
    ],
    [
      "At 70 requests/s: least cost of Splitwise-AA against Baseline-H100",
      "25 % less",
      UNVERIFIED,
      leasts(analyses.costopt, "cost", "Splitwise-AA", "Baseline-H100"),
    ],
    [
      "Cheapest Splitwise-HH for code at 70 requests/s",
      "27 prefill + 3 decode servers",
      UNVERIFIED,
      cheapest(analyses.costopt, "rr_code", "Splitwise-HH"),
    ],
    [
      "Servers for code: Baseline-A100, -H100, Splitwise-AA, -HH, -HA, -HHcap (here: the cheapest at 70 requests/s)",
      "113, 51, 54+10, 23+10, 23+16, 23+10",
      "SplitwiseSim's script run_throughput.sh",
      SYSTEMS.map((system) => cheapest(analyses.costopt, "rr_code", system)).join(", "),
    ],
    [
      "The other trace on a cluster costs little: Splitwise-HH of equal power, up to which rate",
      "a few per cent",
      UNVERIFIED,
      Object.entries(FAMILIES)
        .map(
          ([name, family]) =>
            `${name}: ${highestOf(analyses.isopower, family, [25, 15])} on 25+15, ${highestOf(analyses.isopower, family, [35, 5])} on 35+5`,
        )
        .join("; "),
    ],
  ];
}

/** Markdown rows: plot, then per system its cluster and the highest rate at which that keeps the SLOs. */
export function plotRows(analyses) {
  return PLOTTED.map(({ plot, group, family, clusters }) => {
    const baselines = ["Baseline-A100", "Baseline-H100"].map((system) => {
      const { best } = capacityOf(analyses[group], family, system) ?? {};
      return `${best?.rate ?? "none"}`;
    });
    const systems = Object.entries(clusters).map(
      ([system, cluster]) => `${highest(points(analyses[group], family, system, cluster))} (${cluster.join("+")})`,
    );
    return [plot, ...baselines, ...systems];
  });
}

export const PLOT_TITLES = ["plot", "Baseline-A100", "Baseline-H100", ...Object.keys(PLOTTED[0].clusters)];

function rates(analysis, system, baseline, besides) {
  return Object.entries(FAMILIES)
    .map(([name, family]) => {
      const ours = capacityOf(analysis, family, system)?.best;
      const theirs = capacityOf(analysis, family, baseline)?.best;
      const times = ours && theirs ? ` = ${(ours.rate / theirs.rate).toFixed(2)}x` : "";
      const further = besides && ours && theirs ? `, ${besides} ${(ours[besides] / theirs[besides]).toFixed(2)}x` : "";
      return `${name}: ${ours?.rate ?? "none"} / ${theirs?.rate ?? "none"}${times}${further}`;
    })
    .join("; ");
}

function leasts(analysis, figure, system, baseline) {
  return Object.entries(FAMILIES)
    .map(([name, family]) => {
      const ours = optimumOf(analysis, family, system)?.least[figure]?.[figure];
      const theirs = optimumOf(analysis, family, baseline)?.least[figure]?.[figure];
      if (ours === undefined || theirs === undefined) return `${name}: -`;
      return `${name}: ${ours.toFixed(1)} / ${theirs.toFixed(1)} = ${((ours / theirs - 1) * 100).toFixed(0)} %`;
    })
    .join("; ");
}

function cheapest(analysis, family, system) {
  const run = optimumOf(analysis, family, system)?.least.cost;
  if (run === undefined) return "none";
  return run.promptServers === null ? String(run.servers) : `${run.promptServers}+${run.tokenServers}`;
}

function highestOf(analysis, family, cluster) {
  return highest(points(analysis, family, "Splitwise-HH", cluster));
}

function highest(runs) {
  const kept = runs.filter(({ withinSlo }) => withinSlo).map(({ rate }) => rate);
  if (runs.length === 0) return "-";
  return kept.length === 0 ? "none" : Math.max(...kept);
}

function points({ points }, family, system, [prompt, token]) {
  return points.filter(
    (run) =>
      run.family === family && run.system === system && run.promptServers === prompt && run.tokenServers === token,
  );
}

function capacityOf({ capacities }, family, system) {
  return capacities.find((capacity) => capacity.family === family && capacity.system === system);
}

function optimumOf({ optima }, family, system) {
  return optima.find((optimum) => optimum.family === family && optimum.system === system);
}
