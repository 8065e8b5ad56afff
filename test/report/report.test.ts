import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportPage } from "../../src/report/page.ts";
import type { ReportData } from "../../src/report/report-data.ts";
import { sweep, workingDirectory } from "../cli/command.ts";
import { CHROMIUM, launchBrowser, openReport } from "./browser.ts";

const HOSTILE = `</script><img src=x onerror="alert(1)">'"`;
const SCRIPT = readFileSync(new URL("../../dist/report/browser.js", import.meta.url), "utf8");

function hostileData(): ReportData {
  const values = (...cells: (number | string)[]) => cells;
  return {
    title: HOSTILE,
    createdBy: "servesweep test",
    table: {
      count: 3,
      numbers: [0, 1, 2],
      runIds: ["a", "b", "c"],
      status: ["done", "done", "failed"],
      notes: [[HOSTILE], [], []],
      columns: [
        { name: "load", role: "parameter", unit: "", doc: "Swept", values: values(1, 2, 3) },
        { name: "name", role: "parameter", unit: "", doc: HOSTILE, values: values(HOSTILE, "plain", "plain") },
        { name: "ttft_p99", role: "metric", unit: "s", doc: "TTFT", values: [0.25, 0.5, null] },
        { name: "cost", role: "metric", unit: "", doc: "Cost", values: [3, 2, null] },
      ],
    },
    distributions: [],
    distributionsLeftOut: 0,
    timeSeries: [],
    timeSeriesLeftOut: 0,
    objectives: [],
    failures: [{ number: 2, overrides: `name=${HOSTILE}`, message: HOSTILE }],
    config: [{ path: "name", value: HOSTILE, origin: "file.yaml:1:2" }],
  };
}

test("the page holds hostile text as text only, and nothing that asks the network", () => {
  const page = reportPage(hostileData(), SCRIPT);
  expect(page).not.toContain("<img src=x");
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toMatch(/(src|href)\s*=\s*["']?https?:/i);
  expect(page).toContain("default-src 'none'");
});

test("sweep report writes one file that shows the sweep, and sweep plot the numbers that the shards hold", async () => {
  const cwd = workingDirectory();
  const words = ["-m", "trace.rate=2,4", "seed=0,1", "trace.requests=50", "hydra.sweep.dir=s"];
  expect((await sweep(cwd, ...words)).status).toBe(0);
  expect(await sweep(cwd, "report", "s")).toMatchObject({ status: 0, stdout: "s/report.html\n" });
  const page = readFileSync(join(cwd, "s/report.html"), "utf8");
  expect(page).toContain("trace.rate");
  expect(page).toContain("override trace.rate=2");
  const plotted = await sweep(cwd, "plot", "s", "--x", "trace.rate", "--y", "e2e_mean", "--format", "svg,csv");
  expect(plotted).toMatchObject({ status: 0, stdout: "s/e2e_mean-by-trace.rate.svg\ns/e2e_mean-by-trace.rate.csv\n" });
  const [, ...rows] = readFileSync(join(cwd, "s/e2e_mean-by-trace.rate.csv"), "utf8").trim().split("\n");
  const means = [0, 2].map((first) => {
    const runs = [first, first + 1].map(
      (number) => JSON.parse(readFileSync(join(cwd, `s/${number}/shard.json`), "utf8")).metrics.e2e_mean,
    );
    return (runs[0] + runs[1]) / 2;
  });
  rows.forEach((row, i) => {
    const [x, y, , , count] = row.split(",").map(Number);
    expect([x, count]).toEqual([[2, 4][i], 2]);
    expect(y).toBeCloseTo(means[i], 12);
  });
  expect(readFileSync(join(cwd, "s/e2e_mean-by-trace.rate.svg"), "utf8")).toMatch(
    /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/,
  );
});

test.each([
  [["report"], /No sweep is named/],
  [["report", "nowhere"], /holds no sweep/],
  [["plot", "nowhere", "--x", "a"], /needs a sweep's folder, --x and --y/],
])("mistakes of %j end with a message and status 2", async (words, message) => {
  const { status, stderr } = await sweep(workingDirectory(), ...words);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

describe.skipIf(CHROMIUM === undefined)("in a browser", () => {
  let page: Page;
  let complaints: readonly string[] = [];
  let requests: readonly string[] = [];
  let close = async () => {};

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), "servesweep-report-"));
    const file = join(directory, "report.html");
    writeFileSync(file, reportPage(hostileData(), SCRIPT));
    const browser = await launchBrowser();
    close = async () => {
      await browser.close();
      rmSync(directory, { recursive: true, force: true });
    };
    ({ page, complaints, requests } = await openReport(browser, file));
  });
  afterAll(() => close());

  test("figures draw, nothing complains, and only the file itself is asked for", async () => {
    expect(await page.locator("#explore svg").count()).toBeGreaterThan(0);
    expect(await page.locator("#trade-off svg").count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("h1").textContent()).toBe(HOSTILE);
  });

  test("the table sorts by a column, and again the other way round", async () => {
    const cells = () => page.locator("#runs tbody tr td:first-child").allTextContents();
    await page.getByRole("button", { name: "ttft_p99" }).click();
    expect(await cells()).toEqual(["0", "1", "2"]);
    await page.getByRole("button", { name: "ttft_p99" }).click();
    expect(await cells()).toEqual(["1", "0", "2"]);
  });

  test("the filter narrows the table, and says what it does not know", async () => {
    await page.fill("#filter", "ttft_p99<0.3");
    await expect.poll(() => page.locator("#runs tbody tr").count()).toBe(1);
    await page.fill("#filter", "nothing>1");
    await expect.poll(() => page.locator("#filter-message").textContent()).toContain("no column 'nothing'");
    await page.fill("#filter", "");
    await expect.poll(() => page.locator("#runs tbody tr").count()).toBe(3);
  });
});
