/**
 * How full batches are: shares of iterations, and of time, by the tokens in a batch, of a baseline and a split cluster at the
 * same rates. Clusters and definitions: plots of SplitwiseSim's notebooks.
 */
import { batchTokenUse, type PoolTokenUse } from "../../../analysis/batch-tokens.ts";
import type { StudyRun } from "../../../analysis/study-run.ts";
import { SweepError } from "../../../errors.ts";
import { sharePanel } from "../../charts/share-panel.ts";
import { LIGHT_PALETTE } from "../../charts/style.ts";
import { figureSvg, panelOf, printStyle } from "../../svg.ts";
import { dataCsv } from "../figure.ts";
import type { NamedDrawing, NamedFigure } from "../named-figure.ts";
import { SYSTEM_COLOURS, SYSTEMS, type System } from "./systems.ts";

interface Pool {
  readonly label: string;
  readonly system: System;
  /** As the start states name their instances. */
  readonly tag: string;
  readonly prefillServers: number | null;
  readonly servers: number;
  readonly colour: string;
}

const BASELINE_POOL = { system: "Baseline-H100", servers: 40, prefillServers: null } as const;
const SPLIT_POOL = { system: "Splitwise-HH", servers: 40, prefillServers: 25 } as const;

const POOLS: readonly Pool[] = [
  { ...BASELINE_POOL, label: "Baseline-H100", tag: "None", colour: colourOf("Baseline-H100") },
  { ...SPLIT_POOL, label: "Splitwise-HH prefill", tag: "prompt", colour: colourOf("Splitwise-HH") },
  { ...SPLIT_POOL, label: "Splitwise-HH decode", tag: "token", colour: LIGHT_PALETTE[0] },
];

function colourOf(system: System): string {
  return SYSTEM_COLOURS[SYSTEMS.indexOf(system)];
}

interface TokenFigure {
  readonly name: string;
  readonly title: string;
  readonly yLabel: string;
  /** Column of the data beside the cumulative shares. */
  readonly column: "iterations" | "seconds";
}

const FIGURES: readonly TokenFigure[] = [
  {
    name: "batch-tokens-conv",
    title: "Iterations by the tokens in their batch, conversation",
    yLabel: "iterations (%)",
    column: "iterations",
  },
  {
    name: "batch-time-conv",
    title: "Time by the tokens in the batch, idle time as 0 tokens, conversation",
    yLabel: "time (%)",
    column: "seconds",
  },
];

const EXPERIMENT = "splitwise/batch_tokens";

export const batchTokens: readonly NamedFigure[] = FIGURES.map((figure) => ({
  name: `splitwise/${figure.name}`,
  description: `${figure.title}: cumulative shares, a panel per rate`,
  experiments: ["splitwise/baseline_h100_isopower", "splitwise/hh_isopower", EXPERIMENT],
  draw: (runs) => drawTokens(figure, runs),
}));

interface Curve {
  readonly rate: number;
  readonly pool: Pool;
  readonly points: readonly { readonly batchTokens: number; readonly amount: number; readonly share: number }[];
}

const PANELS_PER_ROW = 2;

async function drawTokens(figure: TokenFigure, runs: readonly StudyRun[]): Promise<NamedDrawing | undefined> {
  const shown = runs.filter((run) => run.family === "rr_conv" && POOLS.some((pool) => isOf(pool, run)));
  if (shown.length === 0) return undefined;
  const logged = shown.filter(({ instanceLogs }) => instanceLogs.length > 0);
  if (logged.length === 0) throw withoutLogs(figure);
  const curves = await curvesOf(figure, logged);
  const most = Math.max(...curves.flatMap(({ points }) => points.map(({ batchTokens: tokens }) => tokens)), 2);
  const rates = [...new Set(curves.map(({ rate }) => rate))].sort((a, b) => a - b);
  const style = printStyle({ width: 375, height: 260, palette: POOLS.map(({ colour }) => colour) });
  const panels = rates.map((rate) =>
    panelOf(
      sharePanel(
        {
          points: curves.filter((curve) => curve.rate === rate).flatMap((curve) => stepsOf(curve, most)),
          series: POOLS.map(({ label }) => label),
          title: `${rate} requests/s`,
          xLabel: "tokens in the batch",
          yLabel: figure.yLabel,
          most,
        },
        style,
      ),
    ),
  );
  const rows = Array.from({ length: Math.ceil(panels.length / PANELS_PER_ROW) }, (_, row) =>
    panels.slice(PANELS_PER_ROW * row, PANELS_PER_ROW * (row + 1)),
  );
  return {
    svg: figureSvg(rows, { title: figure.title, legend: POOLS }),
    data: dataCsv(
      ["rate", "system", "instances", "batch_tokens", figure.column, "share"],
      curves.flatMap(({ rate, pool, points }) =>
        points.map(({ batchTokens: tokens, amount, share }) => [rate, pool.system, pool.tag, tokens, amount, share]),
      ),
    ),
    absent: rates.flatMap((rate) =>
      POOLS.filter((pool) => !curves.some((curve) => curve.rate === rate && curve.pool === pool)).map(
        ({ label }) => `${label} at ${rate} requests/s`,
      ),
    ),
  };
}

function isOf({ system, servers, prefillServers }: Pool, run: StudyRun): boolean {
  return run.system === system && run.servers === servers && run.promptServers === prefillServers;
}

function withoutLogs({ name }: TokenFigure): SweepError {
  return new SweepError("SWEEP", `The runs that belong in 'splitwise/${name}' kept no log of their instances.`, {
    hint: `Run them with debug=true results.outputs=[instances], or: sweep -m +experiment=${EXPERIMENT}`,
  });
}

/** Runs of the same cluster and rate, such as those of several seeds, make one curve. */
async function curvesOf({ column }: TokenFigure, runs: readonly StudyRun[]): Promise<Curve[]> {
  const curves: Curve[] = [];
  for (const rate of new Set(runs.map((run) => run.rate))) {
    for (const system of new Set(POOLS.map((pool) => pool.system))) {
      const files = runs
        .filter((run) => run.rate === rate && run.system === system)
        .flatMap(({ instanceLogs }) => instanceLogs);
      for (const use of await batchTokenUse(files)) {
        const pool = POOLS.find((known) => known.system === system && known.tag === use.tag);
        if (pool !== undefined) curves.push({ rate, pool, points: cumulated(use, column) });
      }
    }
  }
  return curves;
}

function cumulated({ idleSeconds, uses }: PoolTokenUse, column: TokenFigure["column"]): Curve["points"] {
  const idle = { batchTokens: 0, iterations: 0, seconds: idleSeconds };
  const steps = column === "seconds" ? [idle, ...uses] : uses;
  const total = steps.reduce((sum, step) => sum + step[column], 0);
  let below = 0;
  return steps.map((step) => {
    below += step[column];
    return { batchTokens: step.batchTokens, amount: step[column], share: below / total };
  });
}

/** From 1 token, the left edge, to the right edge of the panel. */
function stepsOf({ pool, points }: Curve, most: number) {
  const atLeft = points.filter(({ batchTokens: tokens }) => tokens < 1).at(-1)?.share ?? 0;
  const inside = points.filter(({ batchTokens: tokens }) => tokens >= 1);
  return [
    { x: 1, percent: 100 * atLeft, series: pool.label },
    ...inside.map((point) => ({ x: point.batchTokens, percent: 100 * point.share, series: pool.label })),
    { x: most, percent: 100, series: pool.label },
  ];
}
