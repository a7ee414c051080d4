import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/html.ts";
import { buildChartsScript } from "./charts-bundle.ts";
import { fabricateRecord } from "./fabricate-record.ts";
import { findChromium } from "./find-chromium.ts";

const executablePath = findChromium();

describe.skipIf(executablePath === null)(
  `a report in a browser${executablePath === null ? " (skipped: no Chromium at $BALLAST_CHROMIUM, /usr/bin/chromium or on PATH)" : ""}`,
  () => {
    let browser: Browser;
    let folder = "";
    let address = "";
    let page: Page;
    const requests: string[] = [];
    const complaints: string[] = [];

    /** A page that keeps account of what it asks for and complains about. */
    async function visit(options: BrowserContextOptions): Promise<Page> {
      const visited = await (await browser.newContext(options)).newPage();
      visited.on("request", (request) => requests.push(request.url()));
      visited.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      visited.on("pageerror", (error) => complaints.push(error.message));
      await visited.goto(address);
      return visited;
    }

    const overflow = (of: Page): Promise<number> =>
      of.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "ballast-report-"));
      const html = await renderReport(fabricateRecord({ bars: 300, assets: 14 }), {
        chartsScript: await buildChartsScript(),
      });
      await writeFile(join(folder, "report.html"), html);
      address = pathToFileURL(join(folder, "report.html")).href;
      browser = await chromium.launch({
        executablePath: executablePath!,
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      });
      page = await visit({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });
    });

    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true });
    });

    it("brings every chart to life at 1440 px", async () => {
      expect(await page.locator(".chart svg.marks").count()).toBe(23);
      expect(await page.locator(".chart .static").count()).toBe(0);
      expect(await overflow(page)).toBe(0);
    });

    it("switches the equity axis between linear and log by keyboard and pointer", async () => {
      const line = (): Promise<string | null> =>
        page.locator("#figure-equity .mark-line path").last().getAttribute("d");
      const linear = await line();
      const log = page.locator("#figure-equity button[data-view=log]");
      await log.focus();
      await page.keyboard.press("Enter");
      expect(await log.getAttribute("aria-pressed")).toBe("true");
      expect(await line()).not.toBe(linear);
      await page.click("#figure-equity button[data-view=linear]");
      expect(await line()).toBe(linear);
      expect(await log.getAttribute("aria-pressed")).toBe("false");
    });

    it("repaints page and charts with the theme button, starting from the system's theme", async () => {
      const ground = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
      const line = (): Promise<string> =>
        page.evaluate("getComputedStyle(document.querySelector('#figure-drawdown .mark-line path')).stroke");
      expect(await ground()).toBe("rgb(21, 23, 26)");
      const dark = await line();
      await page.click("[data-theme-button]");
      expect(await ground()).toBe("rgb(254, 253, 251)");
      expect(await line()).not.toBe(dark);
    });

    it("reads out the values at the pointer, on a line and on a heatmap cell", async () => {
      const lines = (): Promise<string[]> =>
        page.locator(".readout-title, .readout-label, .readout-value").allTextContents();
      await page.hover("#figure-equity .chart", { position: { x: 400, y: 100 } });
      const [day, label, value, other] = await lines();
      expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(label).toBe("inverse_volatility");
      expect(value).toMatch(/^[\d,]+\.\d\d$/);
      expect(other).toBe("equal_weight");
      await page.hover("#figure-monthly .chart", { position: { x: 300, y: 30 } });
      const [month, , change] = await lines();
      expect(month).toMatch(/^[A-Z][a-z]{2} \d{4}( \(partial\))?$/);
      expect(change).toMatch(/^−?[\d.]+%$/);
      await page.hover("h1");
      expect(await page.locator(".readout").isVisible()).toBe(false);
    });

    it("reads out the stretch of a state at the pointer, and nothing where no asset is listed", async () => {
      const runs = page.locator("#figure-selector-timeline .mark-rect path");
      await runs.first().hover();
      const said = await page.locator(".readout-title, .readout-label, .readout-value").allTextContents();
      expect(said[0]).toMatch(/^[A-Z]\d{3}$/);
      expect(said.slice(1, 3)).toEqual([
        "state",
        expect.stringMatching(/^(ACTIVE|UNDERPERFORMING|COOLDOWN|RE_ENTRY)$/),
      ]);
      expect(said.slice(-2)).toEqual(["bars", expect.stringMatching(/^\d+$/)]);
      await page.hover("#figure-multiplier-ramps .mark-rect path >> nth=0");
      expect(await page.locator(".readout-label").first().textContent()).toBe("multiplier");
      const box = (await page.locator("#figure-selector-timeline .chart").boundingBox())!;
      await page.mouse.move(box.x + 2, box.y + box.height - 2);
      expect(await page.locator(".readout").isVisible()).toBe(false);
    });

    it("has no sideways scroll at 390 px, and its charts follow the width", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      const widest = (): Promise<number> =>
        page.evaluate(
          "Math.max(...[...document.querySelectorAll('svg.marks')].map((svg) => svg.getBoundingClientRect().right))",
        );
      await expect.poll(widest).toBeLessThanOrEqual(390);
      expect(await overflow(page)).toBe(0);
    });

    it("shows static charts and no dead buttons when scripts are off", async () => {
      const still = await visit({ javaScriptEnabled: false });
      for (const [width, size] of [
        [1440, "wide"],
        [390, "narrow"],
      ] as const) {
        await still.setViewportSize({ width, height: 844 });
        const box = await still.locator(`.static.${size} svg`).first().boundingBox();
        expect(box!.width).toBeGreaterThan(300);
        expect(box!.height).toBeGreaterThan(200);
        expect(box!.x + box!.width).toBeLessThanOrEqual(width);
        expect(await still.locator("button:visible").count()).toBe(0);
      }
    });

    it("has asked for nothing but itself and complained about nothing in all of this", () => {
      expect(requests.filter((url) => url !== address && !url.startsWith("data:"))).toEqual([]);
      expect(complaints).toEqual([]);
    });
  },
);
