/** The only doors through which text enters a report: HTML text and attributes, JSON and code inside <script>. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text safe between tags and inside quoted attributes; control characters other than tab and newline become U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!).replace(/[^\P{Cc}\t\n]/gu, "\ufffd");
}

/**
 * JSON for a `<script type="application/json">` element: no `<` is left, so no tag can open or close.
 * NaN and infinities become null, as JSON.stringify has it.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}

/** JavaScript source for an inline `<script>`: `</script` and `<!--` cannot end or swallow the element. */
export function scriptSource(code: string): string {
  return code.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "\\x3c!--");
}
