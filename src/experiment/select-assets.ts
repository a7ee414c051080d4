/** Who would take part, from a price file and an `asset_selector` block: what `ballast select` does. */
import { z } from "zod";
import {
  NOT_LISTED,
  SELECTION_EVENT_KINDS,
  SELECTOR_STATES,
  type SelectionEventKind,
  type SelectionRecord,
} from "../core/selection-record.ts";
import { loadMarket, type Market } from "../data/market.ts";
import { runSelector } from "../selection/run-selector.ts";
import { scorePanels } from "../selection/score.ts";
import type { SelectorPolicy } from "../selection/selector-policy.ts";
import { NO_EXTENSIONS } from "./extensions.ts";
import { defaultPortfolio, experimentSchema } from "./schema.ts";
import { writeSelection } from "./selection-file.ts";
import { selectionWarnings } from "./selection-warnings.ts";
import { selectorPolicy } from "./selector-policy.ts";
import { type AssetSelectorBlock, assetSelector, selectorFaults } from "./selector-schema.ts";
import { parseStrictYaml, readYamlText } from "./strict-yaml.ts";

export interface SelectRequest {
  readonly prices: string;
  readonly config: string;
  readonly out: string;
  readonly periodsPerYear?: number | undefined;
  readonly repair?: "drop" | "clip" | undefined;
}

/** Bars of one asset in each state. */
export interface AssetStateCounts {
  readonly symbol: string;
  readonly active: number;
  readonly underperforming: number;
  readonly cooldown: number;
  readonly reEntry: number;
  readonly notListed: number;
  /** State after the last bar; null without a close there. */
  readonly last: (typeof SELECTOR_STATES)[number] | null;
  /** Mean multiplier over the bars with a close; NaN where there is none. */
  readonly meanMultiplier: number;
}

export interface SelectionSummary {
  readonly prices: string;
  readonly config: string;
  readonly out: string;
  readonly bars: number;
  readonly assets: number;
  readonly periodsPerYear: number;
  readonly dataHash: string;
  readonly policy: SelectorPolicy;
  readonly states: readonly AssetStateCounts[];
  /** Events of each kind that came up. */
  readonly events: Readonly<Partial<Record<SelectionEventKind, number>>>;
  readonly warnings: readonly string[];
}

/**
 * Scores the assets, runs the selector and writes its record as CSV.
 *
 * @throws InputError for anything wrong with the config or the prices
 */
export async function selectAssets(request: SelectRequest): Promise<SelectionSummary> {
  const { block, periodsPerYear } = loadSelector(request.config);
  const market = await loadMarket({
    path: request.prices,
    repair: request.repair,
    periodsPerYear: request.periodsPerYear ?? periodsPerYear,
    delistAfterBars: defaultPortfolio().delist_after_bars,
  });
  // switched off was refused with the file
  const policy = selectorPolicy(block, market.periodsPerYear)!;
  const record = runSelector(scorePanels(market.ohlcv, policy.scoring), policy);
  await writeSelection(request.out, record);
  return summaryOf(request, market, policy, record);
}

/** Every other block of an experiment is let through unread, but for the bars per year. */
const selectorFile = z.strictObject({
  ...Object.fromEntries(Object.keys(experimentSchema(NO_EXTENSIONS).shape).map((key) => [key, z.unknown().optional()])),
  data: z.looseObject({ periods_per_year: z.number().positive().optional() }).optional(),
  asset_selector: assetSelector,
});

const SWITCHED_OFF = "switches the selector off: everybody takes part, and there is nothing to select";

/**
 * @returns the block, switched on, and `data.periods_per_year` where the file is an experiment that has it
 * @throws InputError naming the line of everything that is wrong
 */
export function loadSelector(file: string): {
  readonly block: AssetSelectorBlock;
  readonly periodsPerYear: number | undefined;
} {
  const { asset_selector: block, data } = parseStrictYaml(readYamlText(file), file, [], {
    schema: selectorFile,
    least: "`asset_selector`",
    faults: ({ asset_selector }) => [
      ...(asset_selector.enabled ? [] : [{ path: ["asset_selector", "enabled"], rule: SWITCHED_OFF, got: false }]),
      ...selectorFaults(asset_selector).map(([path, rule, got]) => ({ path: ["asset_selector", ...path], rule, got })),
    ],
  });
  return { block, periodsPerYear: data?.periods_per_year };
}

function summaryOf(
  { prices, config, out }: SelectRequest,
  { ohlcv, periodsPerYear, dataHash }: Market,
  policy: SelectorPolicy,
  record: SelectionRecord,
): SelectionSummary {
  const count = (kind: SelectionEventKind) => record.events.filter((event) => event.kind === kind).length;
  const counts = SELECTION_EVENT_KINDS.map((kind) => [kind, count(kind)] as const);
  return {
    prices,
    config,
    out,
    bars: ohlcv.axes.time.length,
    assets: ohlcv.axes.assets.length,
    periodsPerYear,
    dataHash,
    policy,
    states: ohlcv.axes.assets.map((symbol, n) => stateCounts(record, symbol, n)),
    events: Object.fromEntries(counts.filter(([, times]) => times > 0)),
    warnings: selectionWarnings(record),
  };
}

function stateCounts({ axes, state, multiplier }: SelectionRecord, symbol: string, n: number): AssetStateCounts {
  const assets = axes.assets.length;
  const bars = axes.time.length;
  const counts = new Map<number, number>();
  let multipliers = 0;
  for (let cell = n; cell < state.length; cell += assets) {
    counts.set(state[cell]!, (counts.get(state[cell]!) ?? 0) + 1);
    multipliers += multiplier[cell]!;
  }
  const [active, underperforming, cooldown, reEntry] = SELECTOR_STATES.map((_, code) => counts.get(code) ?? 0) as [
    number,
    number,
    number,
    number,
  ];
  const notListed = counts.get(NOT_LISTED) ?? 0;
  const last = SELECTOR_STATES[state[state.length - assets + n]!] ?? null;
  const meanMultiplier = multipliers / (bars - notListed);
  return { symbol, active, underperforming, cooldown, reEntry, notListed, last, meanMultiplier };
}
