/**
 * Every split of a system for 70 requests/s: slowdown by prefill and decode servers, the least decode servers within each
 * limit, and the cheapest cluster within all of them.
 */
import type { StudyRun } from "../../../analysis/study-run.ts";
import { colourScale, type GridCell, gridPanel } from "../../charts/grid-panel.ts";
import { figureSvg, panelOf, printStyle } from "../../svg.ts";
import { dataCsv } from "../figure.ts";
import type { NamedDrawing, NamedFigure } from "../named-figure.ts";
import { FAMILIES, type Family, LATENCIES, LIMITS, QUANTILES } from "./systems.ts";

const COLOURS = [1, 6] as const;

const NAMES = { aa: "Splitwise-AA", hh: "Splitwise-HH", ha: "Splitwise-HA", hhcap: "Splitwise-HHcap" } as const;

export const provisioning: readonly NamedFigure[] = Object.entries(NAMES).flatMap(([short, system]) =>
  (Object.keys(FAMILIES) as Family[]).map(
    (family): NamedFigure => ({
      name: `splitwise/provisioning-${short}-${family}`,
      description: `${system}, ${FAMILIES[family]} at 70 requests/s: slowdowns by prefill and decode servers`,
      experiments: [`splitwise/${short}_costopt`],
      draw: (runs) => drawProvisioning(system, family, runs),
    }),
  ),
);

function drawProvisioning(system: string, family: Family, runs: readonly StudyRun[]): NamedDrawing | undefined {
  const shown = runs.filter(
    (run) =>
      run.system === system &&
      run.family === `rr_${family}` &&
      run.rate === 70 &&
      run.promptServers !== null &&
      run.tokenServers !== null,
  );
  if (shown.length === 0) return undefined;
  const cheapest = shown
    .filter(({ withinSlo }) => withinSlo)
    .reduce<StudyRun | undefined>((best, run) => (best === undefined || run.cost < best.cost ? run : best), undefined);
  const style = printStyle({ width: 250, height: 210 });
  const panels = LATENCIES.map((latency) =>
    QUANTILES.map((quantile) => {
      const limit = LIMITS[latency][quantile];
      const column = `${latency}_slowdown_${quantile}`;
      const cells = shown.flatMap((run) => cellOf(run, column));
      return panelOf(
        gridPanel(
          {
            cells,
            frontier: frontierOf(cells, limit),
            star: cheapest === undefined ? undefined : cellOf(cheapest, column)[0],
            title: `${latency.toUpperCase()} ${quantile} (limit ${limit})`,
            xLabel: "prefill servers",
            yLabel: "decode servers",
            colours: COLOURS,
          },
          style,
        ),
      );
    }),
  );
  const columns = LATENCIES.flatMap((latency) => QUANTILES.map((quantile) => `${latency}_slowdown_${quantile}`));
  const scale = colourScale(
    COLOURS,
    "slowdown (red: fewest decode servers within the limit; star: cheapest within all)",
    {
      ...style,
      width: 750,
    },
  );
  return {
    svg: figureSvg([...panels, [panelOf(scale)]], { title: `${system}, ${FAMILIES[family]} at 70 requests/s` }),
    data: dataCsv(
      ["prompt_servers", "token_servers", "cost", "power", ...columns, "within_slo", "cheapest"],
      shown.map((run) => [
        run.promptServers,
        run.tokenServers,
        run.cost,
        run.power,
        ...columns.map((column) => run.slowdowns[column] ?? null),
        run.withinSlo ? 1 : 0,
        run === cheapest ? 1 : 0,
      ]),
    ),
    absent: cheapest === undefined ? ["a cluster within all SLOs"] : [],
  };
}

function cellOf({ promptServers, tokenServers, slowdowns }: StudyRun, column: string): GridCell[] {
  const value = slowdowns[column];
  if (typeof value !== "number" || promptServers === null || tokenServers === null) return [];
  return [{ x: promptServers, y: tokenServers, value }];
}

/** The fewest decode servers within the limit, for each number of prefill servers. */
function frontierOf(cells: readonly GridCell[], limit: number): GridCell[] {
  const least = new Map<number, GridCell>();
  for (const cell of cells) {
    const known = least.get(cell.x);
    if (cell.value < limit && (known === undefined || cell.y < known.y)) least.set(cell.x, cell);
  }
  return [...least.values()];
}
