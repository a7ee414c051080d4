/// <reference lib="dom" />
/** The one tooltip of the page. Text enters through textContent alone. */
import type { Readout, ReadoutField } from "../chart.ts";
import type { Row } from "../columns.ts";
import { formatValue } from "../number-format.ts";

const GAP_PX = 14;

let box: HTMLElement | null = null;

/** Shows `row` beside the point (clientX, clientY), kept inside the window. */
export function showReadout(readout: Readout, row: Row, clientX: number, clientY: number): void {
  box ??= document.body.appendChild(element("div", "readout"));
  const fields = readout.fields.filter(({ field }) => !(readout.omitZero === true && row[field] === 0));
  const title = element("div", "readout-title", text(row, readout.title));
  box.replaceChildren(title, ...fields.map((field) => line(row, field)));
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  const right = clientX + GAP_PX + width <= document.documentElement.clientWidth;
  const left = right ? clientX + GAP_PX : Math.max(4, clientX - GAP_PX - width);
  const top = Math.max(4, Math.min(clientY - height / 2, window.innerHeight - height - 4));
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

export function hideReadout(): void {
  if (box !== null) box.hidden = true;
}

function line(row: Row, field: ReadoutField): HTMLElement {
  const swatch = element("span", "swatch");
  if (field.colour !== undefined) swatch.style.background = field.colour;
  const parent = element("div", "readout-line");
  parent.append(
    swatch,
    element("span", "readout-label", field.label),
    element("span", "readout-value", text(row, field)),
  );
  return parent;
}

function text(row: Row, { field, style }: ReadoutField): string {
  return formatValue(row[field] ?? null, style);
}

function element(tag: string, className: string, content = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = content;
  return made;
}
