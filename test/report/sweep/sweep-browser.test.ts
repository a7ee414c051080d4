import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderSweepReport } from "../../../src/report/sweep/sweep-report.ts";
import { buildChartsScript } from "../charts-bundle.ts";
import { fabricateSweep } from "../fabricate-sweep.ts";
import { findChromium } from "../find-chromium.ts";

const executablePath = findChromium();

describe.skipIf(executablePath === null)(
  `a sweep's report in a browser${executablePath === null ? " (skipped: no Chromium at $BALLAST_CHROMIUM, /usr/bin/chromium or on PATH)" : ""}`,
  () => {
    let browser: Browser;
    let folder = "";
    let page: Page;
    const complaints: string[] = [];

    async function visit(options: BrowserContextOptions): Promise<Page> {
      const visited = await (await browser.newContext(options)).newPage();
      visited.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      visited.on("pageerror", (error) => complaints.push(error.message));
      await visited.goto(pathToFileURL(join(folder, "report.html")).href);
      return visited;
    }

    const overflow = (of: Page): Promise<number> =>
      of.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /** Text of a column of the first leaderboard, top down. */
    const column = (heading: string): Promise<string[]> =>
      page.evaluate(
        `(() => {
          const table = document.querySelector(".sortable table");
          const k = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === ${JSON.stringify(heading)});
          return [...table.tBodies[0].rows].map((row) => row.cells[k].textContent);
        })()`,
      );

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "ballast-sweep-"));
      const record = fabricateSweep();
      // The third trial of the ranking has no Calmar ratio.
      const trials = record.trials.map((trial) =>
        trial.index === record.ranking[2] ? { ...trial, metrics: { ...trial.metrics, calmar: Number.NaN } } : trial,
      );
      const html = await renderSweepReport({ ...record, trials }, { chartsScript: await buildChartsScript() });
      await writeFile(join(folder, "report.html"), html);
      browser = await chromium.launch({
        executablePath: executablePath!,
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      });
      page = await visit({ viewport: { width: 1440, height: 900 } });
    });

    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true });
    });

    it("brings every chart to life at 1440 px, effects and heatmaps two abreast", async () => {
      expect(await page.locator(".chart svg.marks").count()).toBe(11);
      expect(await page.locator(".chart .static").count()).toBe(0);
      expect(await overflow(page)).toBe(0);
      const [left, right] = await Promise.all(
        ["#figure-effect-0", "#figure-effect-1"].map(async (id) => (await page.locator(id).boundingBox())!),
      );
      expect(left!.y).toBe(right!.y);
      expect(left!.x + left!.width).toBeLessThan(right!.x);
    });

    it("sorts by a number, largest first, and turns round on the next click, what is missing always last", async () => {
      const before = await column("Calmar ratio");
      expect(before[2]).toBe("n/a");
      const heading = page.locator(".sortable th", { hasText: "Calmar ratio" }).first();
      await heading.locator("button").click();
      expect(await heading.getAttribute("aria-sort")).toBe("descending");
      const numbers = before.filter((text) => text !== "n/a").map(Number);
      const texts = (values: readonly number[]) => [...values.map((value) => value.toFixed(2)), "n/a"];
      expect(await column("Calmar ratio")).toEqual(texts([...numbers].sort((a, b) => b - a)));
      await heading.locator("button").press("Enter");
      expect(await heading.getAttribute("aria-sort")).toBe("ascending");
      expect(await column("Calmar ratio")).toEqual(texts([...numbers].sort((a, b) => a - b)));
    });

    it("sorts percentages with minus signs, and texts from a to z", async () => {
      await page.locator(".sortable th button", { hasText: "Max drawdown" }).first().click();
      const drawdowns = (await column("Max drawdown")).map((text) => Number(text.replace("−", "-").replace("%", "")));
      expect(drawdowns).toEqual([...drawdowns].sort((a, b) => b - a));
      await page.locator(".sortable th button", { hasText: "method" }).first().click();
      const methods = await column("method");
      expect(methods).toEqual([...methods].sort());
      expect(await page.locator(".sortable .numbered th[aria-sort]").count()).toBe(1);
      await page.locator(".sortable th button", { hasText: "Rank" }).first().click();
      await page.locator(".sortable th button", { hasText: "Rank" }).first().click();
      expect((await column("Rank")).map(Number)).toEqual(Array.from({ length: 25 }, (_, k) => k + 1));
    });

    it("reads out a cell of a heatmap, a blank one too", async () => {
      const said = (): Promise<string[]> =>
        page.locator(".readout-title, .readout-label, .readout-value").allTextContents();
      const cell = (row: number, at: number) => page.locator("#figure-pair-0-1 .mark-rect path").nth(10 * row + at);
      // By force, since the printed value lies over the cell and answers in its stead.
      await cell(2, 5).hover({ force: true });
      const value = expect.stringMatching(/^−?\d\.\d\d$/);
      expect(await said()).toEqual(["min_variance", "lookback_bars", "150", "Sharpe ratio", value, "trials", "10"]);
      await cell(4, 0).hover();
      expect(await said()).toEqual(["hrp", "lookback_bars", "20", "Sharpe ratio", "n/a", "trials", "0"]);
    });

    it("has no sideways scroll at 390 px, every list open", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.evaluate("for (const list of document.querySelectorAll('details')) list.open = true");
      const widest = (): Promise<number> =>
        page.evaluate(
          "Math.max(...[...document.querySelectorAll('svg.marks')].map((svg) => svg.getBoundingClientRect().right))",
        );
      await expect.poll(widest).toBeLessThanOrEqual(390);
      expect(await overflow(page)).toBe(0);
    });

    it("shows static charts and no dead buttons when scripts are off", async () => {
      const still = await visit({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } });
      expect(await still.locator("button:visible").count()).toBe(0);
      expect(await still.locator("#figure-effect-0 .static.narrow svg").isVisible()).toBe(true);
      expect(await still.locator("#figure-effect-0 .static.wide svg").isVisible()).toBe(false);
      expect(await still.locator("#figure-top-equity .static.wide svg").isVisible()).toBe(true);
    });

    it("has complained about nothing in all of this", () => {
      expect(complaints).toEqual([]);
    });
  },
);
