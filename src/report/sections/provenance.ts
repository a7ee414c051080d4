/** Where the result came from: enough to make it again, and the resolved config. */
import type { RunRecord } from "../../core/contracts.ts";
import { escapeHtml } from "../escape.ts";
import { type Block, html, type Section } from "../section.ts";
import { renderDetails } from "../table.ts";

export function provenanceSection(record: Pick<RunRecord, "id" | "provenance" | "config">): Section {
  const { provenance } = record;
  const libraries = Object.entries(provenance.libraries)
    .map(([name, version]) => `${name} ${version}`)
    .sort()
    .join(", ");
  const lines: readonly ProvenanceLine[] = [
    ["Run", record.id, "code"],
    ["Config hash", provenance.configHash, "code"],
    ["Data hash", provenance.dataHash, "code"],
    ["Code", `${provenance.codeVersion} · ${provenance.codeHash}`, "code"],
    ["Seed", String(provenance.seed), "code"],
    ["Libraries", libraries === "" ? "none recorded" : libraries, "text"],
    ...extensionLines(provenance),
  ];
  return { id: "provenance", title: "Provenance", blocks: provenanceBlocks(lines, "Resolved config", record.config) };
}

export type ProvenanceLine = readonly [term: string, value: string, kind: "code" | "text"];

/** One a file that extended the experiment. */
export function extensionLines({ extensions = [] }: Pick<RunRecord["provenance"], "extensions">): ProvenanceLine[] {
  return extensions.map(({ path, hash }) => [`Extension ${path}`, hash, "code"]);
}

/** The lines as a list, the config folded away, and what every simulation has to say for itself. */
export function provenanceBlocks(lines: readonly ProvenanceLine[], summary: string, config: string): Block[] {
  const pairs = lines.map(([term, value, kind]) => {
    const content = kind === "code" ? `<code>${escapeHtml(value)}</code>` : escapeHtml(value);
    return `<div><dt>${escapeHtml(term)}</dt><dd>${content}</dd></div>`;
  });
  const yaml = `<pre class="config" tabindex="0"><code>${escapeHtml(config)}</code></pre>`;
  return [
    html(`<dl class="pairs long">${pairs.join("\n")}</dl>`),
    html(renderDetails(summary, yaml)),
    html(
      '<p class="fine">Decisions at the close of a bar are filled at the open of the next; equity is marked at the close. ' +
        "Past performance of a simulation is no promise.</p>",
    ),
  ];
}
