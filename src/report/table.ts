/** Tables as markup: a caption, a header row, numbers right-aligned, and a box that scrolls sideways on its own. */
import { escapeHtml } from "./escape.ts";

/** Text to be escaped, or markup that already is. */
export type Cell = string | { readonly markup: string };

export interface Column {
  readonly label: string;
  /** Numbers to the right; prose may take several lines, everything else takes one. */
  readonly align: "left" | "right" | "prose";
}

export interface RowGroup {
  /** Heading above the rows; "" = none. */
  readonly label: string;
  /** The first cell of each row is its header. */
  readonly rows: readonly (readonly Cell[])[];
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly groups: readonly RowGroup[];
  /** "plain" is small and has no number of its own, for lists inside <details>. */
  readonly kind?: "numbered" | "plain";
}

export function renderTable(table: Table): string {
  const { caption, columns, groups, kind = "numbered" } = table;
  const head = columns
    .map(({ label, align }) => `<th scope="col"${alignment(align)}>${breakable(label)}</th>`)
    .join("");
  const bodies = groups.map((group) => {
    const heading =
      group.label === ""
        ? ""
        : `<tr class="group"><th scope="rowgroup" colspan="${columns.length}">${escapeHtml(group.label)}</th></tr>\n`;
    return `<tbody>\n${heading}${group.rows.map((row) => renderRow(row, columns)).join("\n")}\n</tbody>`;
  });
  const name = escapeHtml(caption);
  // The caption stands outside the box, or it would scroll away with a table wider than a phone.
  const above = kind === "numbered" ? `<p class="caption">${name}</p>\n` : "";
  return (
    `<div class="table ${kind}">\n${above}<div class="table-box" role="region" tabindex="0" aria-label="${name}">\n` +
    `<table aria-label="${name}">\n<thead><tr>${head}</tr></thead>\n${bodies.join("\n")}\n</table>\n</div>\n</div>`
  );
}

/** A table of rows without groups. */
export function renderRows(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  kind: Table["kind"] = "numbered",
): string {
  return renderTable({ caption, columns, groups: [{ label: "", rows }], kind });
}

/** A list that opens on demand. @param summary plain text */
export function renderDetails(summary: string, markup: string): string {
  return `<details><summary>${escapeHtml(summary)}</summary>\n${markup}\n</details>`;
}

export function left(label: string): Column {
  return { label, align: "left" };
}

export function prose(label: string): Column {
  return { label, align: "prose" };
}

export function right(label: string): Column {
  return { label, align: "right" };
}

function renderRow(row: readonly Cell[], columns: readonly Column[]): string {
  const cells = row.map((cell, i) => {
    const content = typeof cell === "string" ? escapeHtml(cell) : cell.markup;
    const align = alignment(columns[i]?.align ?? "left");
    return i === 0 ? `<th scope="row"${align}>${content}</th>` : `<td${align}>${content}</td>`;
  });
  return `<tr>${cells.join("")}</tr>`;
}

/** A name such as inverse_volatility may break after its underscores. */
function breakable(label: string): string {
  return escapeHtml(label).replace(/_/g, "_<wbr>");
}

function alignment(align: Column["align"]): string {
  if (align === "left") return "";
  return align === "right" ? ' class="number"' : ' class="prose"';
}
