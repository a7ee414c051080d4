/** Models and combiners side by side as one HTML document. All of it but the times of the fits and the looks at the
 *  holdout is the same bytes for the same comparison. */
import type { ModelComparison } from "../core/model-comparison.ts";
import type { TrainingNotes } from "../core/model-record.ts";
import { renderDocument } from "./document.ts";
import { escapeHtml } from "./escape.ts";
import { marketFacts, mastheadMarkup } from "./masthead.ts";
import { formatDay, plural } from "./number-format.ts";
import { formatIc, horizonTitle, ownEvaluation } from "./scorers.ts";
import type { Section } from "./section.ts";
import { backtestTable, differencesTable, fitTimeTable, glanceTable } from "./sections/compared-scores.ts";
import { charts, importanceCharts, tables } from "./sections/models.ts";
import { provenanceSection } from "./sections/provenance.ts";
import { combinerEventBlocks, fitsTable, icTable, splitsTable, spreadTable } from "./sections/score-tables.ts";
import { cumulativeIcChart } from "./specs/cumulative-ic.ts";
import { equityLinesChart } from "./specs/equity-lines.ts";
import { foldIcChart } from "./specs/fold-ic.ts";
import { icDecayChart } from "./specs/ic-decay.ts";
import { quantileReturnsChart } from "./specs/quantile-returns.ts";

export interface ComparisonReportOptions {
  /** Source of the browser bundle; by default the one that `npm run build` leaves in dist/assets/charts.js. */
  readonly chartsScript?: string;
}

/** @throws Error when the charts script is missing */
export async function renderModelComparison(
  comparison: ModelComparison,
  notes: TrainingNotes,
  options: ComparisonReportOptions = {},
): Promise<string> {
  const content = {
    name: `${comparison.name}, models compared`,
    masthead: masthead(comparison),
    headline: headline(comparison),
    sections: sectionsOf(comparison, notes).filter(({ blocks }) => blocks.length > 0),
    style: "",
  };
  return renderDocument(content, options.chartsScript);
}

function sectionsOf(comparison: ModelComparison, notes: TrainingNotes): Section[] {
  const { models } = comparison;
  return [
    {
      id: "side-by-side",
      title: "Side by side",
      blocks: tables(
        glanceTable(comparison, "development", notes),
        glanceTable(comparison, "holdout", notes),
        differencesTable(comparison),
      ),
    },
    {
      id: "coefficients",
      title: "Information coefficients",
      blocks: [
        ...charts(models.horizons.map((horizon) => cumulativeIcChart(models, horizon))),
        ...tables(icTable(models, "development", ""), icTable(models, "holdout", "")),
      ],
    },
    {
      id: "folds",
      title: "Fold by fold",
      blocks: charts(models.horizons.map((horizon) => foldIcChart(models, horizon))),
    },
    {
      id: "decay",
      title: "Decay",
      blocks: charts(models.horizons.map((horizon) => icDecayChart(models, horizon))),
    },
    {
      id: "quantiles",
      title: "Quantiles and turnover",
      blocks: [
        ...charts([quantileReturnsChart(models)]),
        ...tables(spreadTable(models, "development"), spreadTable(models, "holdout")),
      ],
    },
    {
      id: "backtests",
      title: "Scores traded",
      blocks: [
        ...charts([equityChart(comparison)]),
        ...tables(backtestTable(comparison, "development"), backtestTable(comparison, "holdout")),
      ],
    },
    { id: "importance", title: "What models go by", blocks: charts(importanceCharts(models)) },
    {
      id: "training",
      title: "Training",
      blocks: [
        ...tables(fitTimeTable(comparison, notes), splitsTable(models), fitsTable(models)),
        ...combinerEventBlocks(models),
      ],
    },
    provenanceSection(comparison),
  ];
}

function equityChart({ backtests, models, firstBar }: ModelComparison) {
  const { axes, holdoutBar } = models;
  const time = axes.time.subarray(firstBar);
  const accounts = backtests.map(({ label, equity }) => ({ label, equity: equity.subarray(firstBar) }));
  const words = {
    id: "score-equity",
    title: "Equity by score",
    nouns: "scores traded",
    note: ` All decide from ${formatDay(axes.time[firstBar] ?? Number.NaN)} on${holdoutBar === null ? "" : "; the dashed line is where the holdout begins"}.`,
  };
  return equityLinesChart(accounts, time, words, holdoutBar === null ? undefined : holdoutBar - firstBar);
}

function masthead({
  name,
  description,
  synthetic,
  periodsPerYear,
  models,
  scorers,
  warnings,
}: ModelComparison): string {
  const { time, assets } = models.axes;
  const labels = scorers.filter(({ kind }) => kind !== "ranking").map(({ label }) => escapeHtml(label));
  return mastheadMarkup({
    kicker: "Model comparison",
    name,
    subtitle: labels.join(' <span class="against">·</span> '),
    description,
    facts: [
      ...marketFacts(time, assets.length, periodsPerYear),
      plural(models.features.length, "feature"),
      ...(models.holdoutBar === null ? [] : [`holdout from ${formatDay(time[models.holdoutBar] ?? Number.NaN)}`]),
    ],
    synthetic,
    notice: "",
    warnings,
  });
}

/** The result in development, in words: who is highest at each horizon, and whether that is more than chance. */
function headline(comparison: ModelComparison): string {
  const { models, scorers, against, differences } = comparison;
  const sentences = models.horizons.flatMap((horizon) => {
    const ranked = scorers.flatMap((scorer) => {
      const rankIc = ownEvaluation(models, scorer, horizon.name)?.development.rankIc;
      return rankIc !== undefined && Number.isFinite(rankIc.mean) ? [{ scorer, rankIc }] : [];
    });
    if (ranked.length === 0) return [];
    const { scorer, rankIc } = ranked.reduce((best, other) => (other.rankIc.mean > best.rankIc.mean ? other : best));
    const found = differences.find(
      (one) => one.kind === scorer.kind && one.name === scorer.name && one.score === horizon.name,
    )?.development;
    const test =
      found === undefined
        ? ""
        : `, ${formatIc(found.mean)} above ${against.label} (t ${found.tStatNeweyWest.toFixed(2).replace("-", "−")})`;
    return [
      `Over ${horizonTitle(horizon).replace(`${horizon.name}, `, "")} ${scorer.label} has the highest mean rank IC in development, ` +
        `${formatIc(rankIc.mean)} (t ${rankIc.tStatNeweyWest.toFixed(2).replace("-", "−")})${test}.`,
    ];
  });
  return `<section class="headline" aria-label="Result">
<p class="abstract">${escapeHtml(sentences.join(" "))}</p>
</section>`;
}
