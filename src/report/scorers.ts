/** The scores of a training stage as reports name, order and look them up. */
import type { HorizonName, HorizonRecord, ModelRecord, ScorerEvaluation, ScorerKind } from "../core/model-record.ts";
import { formatValue, plural } from "./number-format.ts";

export interface Scorer {
  readonly kind: ScorerKind;
  readonly name: string;
  readonly label: string;
}

/** Each once, in the order of the record. */
export function scorersOf({ evaluations }: ModelRecord): Scorer[] {
  const seen = new Map<string, Scorer>();
  for (const { kind, name, label } of evaluations)
    if (!seen.has(`${kind} ${name}`)) seen.set(`${kind} ${name}`, { kind, name, label });
  return [...seen.values()];
}

/** A scorer's own score for a horizon against that horizon's returns; undefined where it has none. */
export function ownEvaluation(
  { evaluations }: ModelRecord,
  { kind, name }: Scorer,
  horizon: HorizonName,
): ScorerEvaluation | undefined {
  return evaluations.find(
    (one) => one.kind === kind && one.name === name && one.score === horizon && one.horizon === horizon,
  );
}

/** "short, 5 bars". */
export function horizonTitle({ name, horizonBars }: Pick<HorizonRecord, "name" | "horizonBars">): string {
  return `${name}, ${plural(horizonBars, "bar")}`;
}

/** An information coefficient to four decimals. */
export function formatIc(value: number): string {
  return Number.isFinite(value)
    ? value
        .toFixed(4)
        .replace(/^-(0\.0000)$/, "$1")
        .replace("-", "−")
    : formatValue(null, "ratio");
}
