/// <reference lib="dom" />
/** A live chart in the place of its static SVG: follows the width of its container, answers the pointer with the
 *  crosshair and the readout, and changes its view by the figure's switch. */
import { parse, View } from "vega";
import { HOVER, type LiveChart, type Readout, ROWS } from "../chart.ts";
import { type Row, rowsOf } from "../columns.ts";
import { hideReadout, showReadout } from "./readout-box.ts";

/** @param figure the element around `.chart` and, when the chart has several views, buttons with data-view */
export function mountChart(figure: HTMLElement, chart: LiveChart): void {
  const stage = figure.querySelector<HTMLElement>(".chart");
  if (stage === null) return;
  const rows = rowsOf(chart.columns);
  const draw = (key: string): View => {
    const chosen = chart.views.find((view) => view.key === key) ?? chart.views[0]!;
    const view = new View(parse(chosen.spec), { renderer: "svg", container: clearStage(stage) });
    // Vega marks the rows it takes, so each view gets its own.
    view
      .width(stage.clientWidth)
      .data(
        ROWS.name,
        rows.map((row) => ({ ...row })),
      )
      .run();
    return view;
  };
  let view = draw(chart.views[0]!.key);

  const buttons = figure.querySelectorAll<HTMLButtonElement>("button[data-view]");
  for (const button of buttons)
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      view.finalize();
      view = draw(button.dataset.view ?? "");
    });

  let width = stage.clientWidth;
  new ResizeObserver(() => {
    if (stage.clientWidth === width || stage.clientWidth === 0) return;
    width = stage.clientWidth;
    view.width(width).run();
  }).observe(stage);

  const leave = (): void => {
    hideReadout();
    if (chart.readout.by === "nearest") point(view, null);
  };
  const follow = (event: PointerEvent): void => {
    const row = chart.readout.by === "nearest" ? nearestRow(view, stage, rows, event) : rowUnder(chart.readout, event);
    if (row === null) {
      leave();
      return;
    }
    if (chart.readout.by === "nearest") point(view, row.t ?? null);
    showReadout(chart.readout, row, event.clientX, event.clientY);
  };
  stage.addEventListener("pointermove", follow);
  stage.addEventListener("pointerdown", follow);
  stage.addEventListener("pointerleave", leave);
}

/** An empty element of the stage's width: Vega empties and fills what it is given. */
function clearStage(stage: HTMLElement): HTMLElement {
  const host = document.createElement("div");
  stage.replaceChildren(host);
  return host;
}

function point(view: View, t: number | string | null): void {
  if (view.signal(HOVER) !== t) view.signal(HOVER, t).run();
}

/** The row nearest in `t` to the pointer, from left edge to right; null when there are no rows. */
function nearestRow(view: View, stage: HTMLElement, rows: readonly Row[], event: PointerEvent): Row | null {
  const inset = view.origin()[0] ?? 0;
  const scale = view.scale("x") as unknown as { invert(x: number): Date | number };
  const target = Number(scale.invert(event.clientX - stage.getBoundingClientRect().left - inset));
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(rows[middle]!.t) < target) low = middle + 1;
    else high = middle;
  }
  const after = rows[low];
  const before = rows[low - 1];
  if (after === undefined) return null;
  return before !== undefined && target - Number(before.t) < Number(after.t) - target ? before : after;
}

/** The row of the mark under the pointer, which Vega hangs on the SVG element; null where it has not what is read out. */
function rowUnder({ title, fields }: Readout, event: PointerEvent): Row | null {
  const item = (event.target as (Element & { __data__?: { datum?: Row } }) | null)?.__data__;
  const datum = item?.datum;
  return datum !== undefined && [title, ...fields].every(({ field }) => field in datum) ? datum : null;
}
