/** A selection record as a long CSV, one line a bar and asset, in order of bar. */
import { NOT_LISTED, SELECTOR_STATES, type SelectionRecord } from "../core/selection-record.ts";
import { writeAtomically } from "../data/atomic-file.ts";
import { formatBarTime } from "../data/calendar.ts";
import { cellText, numberText } from "../data/csv-writer.ts";

/**
 * date,symbol,state,k,multiplier,score,sharpe,drawdown,reason. Without a close: no state, k 0. Sharpe ratio and
 * drawdown are empty while history is short; `reason` is what the events of that asset and bar say.
 */
export async function writeSelection(path: string, record: SelectionRecord): Promise<void> {
  await writeAtomically(path, lines(record));
}

function* lines({ axes, state, k, multiplier, score, sharpe, drawdown, events }: SelectionRecord): Generator<string> {
  yield "date,symbol,state,k,multiplier,score,sharpe,drawdown,reason\n";
  const assets = axes.assets.length;
  const symbols = axes.assets.map(cellText);
  const timeOf = formatBarTime(axes.time);
  const reasons = new Map<number, string>();
  for (const { bar, asset, kind, detail } of events) {
    if (asset < 0) continue;
    const cell = bar * assets + asset;
    const said = reasons.get(cell);
    reasons.set(cell, `${said === undefined ? "" : `${said}; `}${kind}: ${detail}`);
  }
  for (let t = 0; t < axes.time.length; t++) {
    const date = timeOf(axes.time[t]!);
    for (let n = 0; n < assets; n++) {
      const cell = t * assets + n;
      const name = state[cell] === NOT_LISTED ? "" : SELECTOR_STATES[state[cell]!]!;
      const numbers = [k, multiplier, score, sharpe, drawdown].map((plane) => numberText(plane[cell]!)).join(",");
      yield `${date},${symbols[n]},${name},${numbers},${cellText(reasons.get(cell) ?? "")}\n`;
    }
  }
}
