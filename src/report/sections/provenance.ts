/** Where the result came from: enough to make it again, and the resolved config. */
import type { RunRecord } from "../../core/contracts.ts";
import { escapeHtml } from "../escape.ts";
import { html, type Section } from "../section.ts";
import { renderDetails } from "../table.ts";

export function provenanceSection(record: Pick<RunRecord, "id" | "provenance" | "config">): Section {
  const { provenance } = record;
  const libraries = Object.entries(provenance.libraries)
    .map(([name, version]) => `${name} ${version}`)
    .sort()
    .join(", ");
  const lines: readonly (readonly [string, string, "code" | "text"])[] = [
    ["Run", record.id, "code"],
    ["Config hash", provenance.configHash, "code"],
    ["Data hash", provenance.dataHash, "code"],
    ["Code", `${provenance.codeVersion} · ${provenance.codeHash}`, "code"],
    ["Seed", String(provenance.seed), "code"],
    ["Libraries", libraries === "" ? "none recorded" : libraries, "text"],
  ];
  const pairs = lines.map(([term, value, kind]) => {
    const content = kind === "code" ? `<code>${escapeHtml(value)}</code>` : escapeHtml(value);
    return `<div><dt>${escapeHtml(term)}</dt><dd>${content}</dd></div>`;
  });
  const config = `<pre class="config" tabindex="0"><code>${escapeHtml(record.config)}</code></pre>`;
  return {
    id: "provenance",
    title: "Provenance",
    blocks: [
      html(`<dl class="pairs long">${pairs.join("\n")}</dl>`),
      html(renderDetails("Resolved config", config)),
      html(
        '<p class="fine">Decisions at the close of a bar are filled at the open of the next; equity is marked at the close. ' +
          "Past performance of a simulation is no promise.</p>",
      ),
    ],
  };
}
