/**
 * Draws the pictures of the README: node scripts/draw-images.js [DIR]. DIR is a sweep of experiments/splitwise; without it a
 * small one is run. Needs Chromium.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const SWEEP = join(import.meta.dirname, "../bin/sweep.js");
const IMAGES = join(import.meta.dirname, "../docs/images");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const scratch = mkdtempSync(join(tmpdir(), "servesweep-images-"));
try {
  mkdirSync(IMAGES, { recursive: true });
  const dir = process.argv[2] ?? smallStudy(join(scratch, "split of 40 servers"));
  const report = join(scratch, "report.html");
  sweep("report", dir, "--output", report);
  await picture(report, "report.png", "light");
  await picture(report, "report-dark.png", "dark");
} finally {
  rmSync(scratch, { recursive: true });
}

function smallStudy(dir) {
  const words = ["rate=range(40,161,20)", "token_servers=5,15,25", "seed=0,1,2", `hydra.sweep.dir='${dir}'`];
  sweep("-m", "+experiment=splitwise/quick/hh_isopower", ...words, "--quiet");
  return dir;
}

async function picture(report, name, colorScheme) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 1250 }, colorScheme });
    await page.goto(pathToFileURL(report).href);
    await page.waitForSelector("#ready", { state: "attached" });
    await page.locator("#explore select").nth(1).selectOption("tbt_slowdown_p90");
    await page.locator("#trade-off select").nth(0).selectOption("tbt_slowdown_p90");
    await page.screenshot({ path: join(IMAGES, name) });
  } finally {
    await browser.close();
  }
}

function sweep(...args) {
  const { status, stderr } = spawnSync(process.execPath, [SWEEP, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
