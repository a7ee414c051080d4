/** Round trips: how they ended, the best and the worst of them, and the last ones. */
import type { RunRecord, Trade } from "../../core/contracts.ts";
import { tradesByReason } from "../../metrics/trade-summary.ts";
import { formatCurrency, formatPercent, formatTime, formatValue, formatWhole, plural } from "../number-format.ts";
import { html, type Section } from "../section.ts";
import { left, type RowGroup, renderDetails, renderRows, renderTable, right } from "../table.ts";

/** Trades shown at either end. */
const EXTREMES = 5;
/** Trades listed on demand. */
const RECENT = 60;

const NAMES: Readonly<Record<Trade["reason"], string>> = {
  target: "target",
  delisting: "delisting",
  ruin: "ruin",
  stop_loss: "stop loss",
  take_profit: "take profit",
  trailing_stop: "trailing stop",
  atr_stop: "ATR stop",
  liquidation: "liquidation",
  kill_switch: "kill switch",
  open: "still open",
};

export function tradesSection(record: RunRecord): Section | null {
  const { trades } = record;
  if (trades.length === 0) return null;
  const blocks = [html(byReason(trades)), html(extremes(record))];
  if (trades.length > 2 * EXTREMES) blocks.push(html(recent(record)));
  return { id: "trades", title: "Trades", blocks };
}

function byReason(trades: readonly Trade[]): string {
  const rows = tradesByReason(trades).map(({ reason, count, winRate, meanReturn, meanBars, profit }) => [
    NAMES[reason],
    formatWhole(count),
    formatPercent(winRate),
    formatPercent(meanReturn),
    formatValue(meanBars, "ratio"),
    formatCurrency(profit),
  ]);
  const liquidated = trades.some(({ reason }) => reason === "liquidation");
  const forfeits = liquidated ? " Margin forfeited beyond the loss in price is not in the P&L of a liquidation." : "";
  const columns = [
    left("Ended by"),
    right("Trades"),
    right("Won"),
    right("Mean return"),
    right("Mean bars"),
    right("P&L"),
  ];
  return renderRows(
    `How ${plural(trades.length, "trade")} ended: each a position from flat to flat, after fees, slippage and impact; ` +
      `open ones at their last value.${forfeits}`,
    columns,
    rows,
  );
}

/** All of them when they are few. */
function extremes(record: RunRecord): string {
  const ranked = [...record.trades].sort((a, b) => b.profit - a.profit || a.entryBar - b.entryBar || a.asset - b.asset);
  const few = ranked.length <= 2 * EXTREMES;
  const groups: RowGroup[] = few
    ? [{ label: "", rows: ranked.map((trade) => row(record, trade)) }]
    : [
        { label: "Best", rows: ranked.slice(0, EXTREMES).map((trade) => row(record, trade)) },
        {
          label: "Worst",
          rows: ranked
            .slice(-EXTREMES)
            .reverse()
            .map((trade) => row(record, trade)),
        },
      ];
  const which = few ? "All trades by P&L" : "The best and the worst trades by P&L";
  return renderTable({
    caption: `${which}. MAE and MFE: how far the price went against the position and in its favour, from the entry price.`,
    columns: COLUMNS,
    groups,
  });
}

function recent({ trades, ...record }: RunRecord): string {
  const shown = trades.slice(-RECENT).reverse();
  const title =
    shown.length < trades.length
      ? `The last ${RECENT} of ${formatWhole(trades.length)} trades`
      : "All trades, last first";
  const rows = shown.map((trade) => row(record, trade));
  return renderDetails(title, renderRows(`${title}.`, COLUMNS, rows, "plain"));
}

const COLUMNS = [
  left("Asset"),
  left("Side"),
  right("P&L"),
  right("Return"),
  left("Entry"),
  left("Exit"),
  left("Ended by"),
  right("Bars"),
  right("MAE"),
  right("MFE"),
];

function row({ account }: Pick<RunRecord, "account">, trade: Trade): string[] {
  const { time, assets } = account.axes;
  return [
    assets[trade.asset] ?? "",
    trade.side,
    formatCurrency(trade.profit),
    formatPercent(trade.profitRate),
    formatTime(time[trade.entryBar] ?? Number.NaN),
    trade.exitBar < 0 ? "" : formatTime(time[trade.exitBar] ?? Number.NaN),
    NAMES[trade.reason],
    formatValue(trade.barsHeld, "count"),
    formatPercent(trade.maxAdverse),
    formatPercent(trade.maxFavourable),
  ];
}
