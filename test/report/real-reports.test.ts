import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "../cli/command.ts";
import { CHROMIUM, launchBrowser, openReport } from "./browser.ts";

const AZURE = join(import.meta.dirname, "../../../shared/data/traces/AzureLLMInferenceTrace_conv.csv");
if (!existsSync(AZURE)) console.log("no shared/data here: no report of an Azure trace is opened");

describe.skipIf(CHROMIUM === undefined)("reports of real sweeps in a browser", { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test("a quick Splitwise study: figures, objectives and time series draw, the table sorts and filters", async () => {
    const cwd = workingDirectory();
    const words = ["results.outputs=[samples,detailed]", "results.sample_interval=1", "hydra.sweep.dir=s"];
    const study = await sweep(cwd, "-m", "+experiment=splitwise/quick/hh_isopower", "rate=50", ...words);
    expect(study.status).toBe(0);
    expect((await sweep(cwd, "report", "s")).status).toBe(0);
    const { page, complaints, requests } = await openReport(browser, join(cwd, "s/report.html"));
    for (const id of ["explore", "trade-off", "distributions", "over-time"]) {
      expect(await page.locator(`#${id} svg`).count(), id).toBeGreaterThan(0);
    }
    // Nine limits, and two runs that undercut all of them (experiments/splitwise/README.md).
    expect(await page.locator("#attainment td.kept").count()).toBe(18);
    expect(await page.locator("#attainment").textContent()).toContain("2 of 2 runs keep every limit");
    await page.locator("#over-time select").selectOption("power");
    expect(await page.locator("#over-time svg").last().textContent()).toContain("power (W)");
    const splits = () => page.locator("#runs tbody tr td:nth-child(2)").allTextContents();
    await page.locator("#runs").getByRole("button", { name: "token_servers" }).click();
    expect(await splits()).toEqual(["5", "15"]);
    await page.locator("#runs").getByRole("button", { name: "token_servers" }).click();
    expect(await splits()).toEqual(["15", "5"]);
    await page.fill("#filter", "token_servers=5");
    await expect.poll(() => page.locator("#attainment tbody tr").count()).toBe(1);
    await page.setViewportSize({ width: 420, height: 900 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(420);
    await onPaper(page);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
  });

  /** What was chosen is on the paper, what it was chosen with is not; whatever the colours on the screen, ink is dark. */
  async function onPaper(page: Page): Promise<void> {
    const inkOf = (selector: string) =>
      page.evaluate(`getComputedStyle([...document.querySelectorAll("${selector}")].at(-1)).color`);
    const [dark, light] = ["rgb(27, 31, 36)", "rgb(230, 233, 238)"];
    const announce = (event: string) => page.evaluate(`window.dispatchEvent(new Event("${event}"))`);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await inkOf("body")).toBe(light);
    expect(await inkOf("#explore svg")).toBe(light);
    // A4 across, between its margins: the table of runs is on such a page.
    await page.setViewportSize({ width: 1017, height: 700 });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await announce("beforeprint");
    expect(await inkOf("body")).toBe(dark);
    expect(await inkOf("#explore svg")).toBe(dark);
    for (const control of await page.locator("select, input[type=checkbox], button:not(th button)").all()) {
      expect(await control.isVisible()).toBe(false);
    }
    expect(await page.locator("#filter").isVisible()).toBe(true);
    const { x, width } = (await page.locator("#runs table").boundingBox()) ?? { x: 0, width: 0 };
    expect(x + width).toBeLessThanOrEqual(1017);
    await page.emulateMedia({ media: "screen", colorScheme: "dark" });
    await announce("afterprint");
    expect(await inkOf("#explore svg")).toBe(light);
    await page.fill("#filter", "");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#filter").isVisible()).toBe(false);
  }

  test("a single run's directory: its figures, and its configuration with its overrides", async () => {
    const cwd = workingDirectory();
    expect((await sweep(cwd, "trace.requests=40", "results.sample_interval=1", "output_dir=r")).status).toBe(0);
    expect(await sweep(cwd, "report", "r")).toMatchObject({ status: 0, stdout: "r/report.html\n" });
    const { page, complaints } = await openReport(browser, join(cwd, "r/report.html"));
    expect(await page.locator("#over-time svg").count()).toBeGreaterThan(0);
    expect(await page.locator("#runs tbody tr").count()).toBe(1);
    const originOf = async (key: string) => {
      const line = page.locator("#config tbody tr").filter({ has: page.getByText(key, { exact: true }) });
      return (await line.locator("td").allTextContents()).at(-1);
    };
    expect(await originOf("trace.requests")).toBe("override trace.requests=40");
    expect(await originOf("trace.rate")).toMatch(/conf\/trace\/\w+\.yaml:\d+:\d+$/);
    expect(complaints).toEqual([]);
  });

  test.skipIf(!existsSync(AZURE))("a sweep over an Azure trace", async () => {
    const cwd = workingDirectory();
    const words = [`trace.path=${AZURE}`, "scheduler=jsq,token_jsq", "cluster.servers.1.count=4", "hydra.sweep.dir=s"];
    expect((await sweep(cwd, "-m", "+experiment=azure/conversation", ...words)).status).toBe(0);
    expect((await sweep(cwd, "report", "s")).status).toBe(0);
    const { page, complaints, requests } = await openReport(browser, join(cwd, "s/report.html"));
    expect(await page.locator("#explore svg").count()).toBeGreaterThan(0);
    expect(await page.locator("#runs tbody tr").count()).toBe(2);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
  });
});
