/** A fitted XGBoost model, boosted or forest: its bytes, and what was learnt beside them. */
import { createHash } from "node:crypto";
import { InputError } from "../core/errors.ts";
import { checkScoreShapes, type FittedModel, type FittedModelData } from "./model.ts";
import { type BoosterRows, type PredictionType, predictWithBooster } from "./xgboost-booster.ts";
import { openXgboost } from "./xgboost-library.ts";

export const TREE_KINDS = ["random_forest", "xgboost"] as const;
export type TreeKind = (typeof TREE_KINDS)[number];

export interface TreeFit {
  readonly kind: TreeKind;
  readonly features: readonly string[];
  readonly trainingRows: number;
  /** UBJSON. */
  readonly model: Uint8Array;
  /** [F] */
  readonly gain: Float64Array;
  /** Rounds that score. */
  readonly rounds: number;
  /** Rounds that were trained, more than `rounds` after early stopping. */
  readonly trainedRounds: number;
  /** XGBoost's. */
  readonly version: string;
}

/** @param threads threads of one call of score or contributions; the answers are the same bytes whatever it is */
export function treeModel(fit: TreeFit, threads: number): FittedModel {
  const { kind, features, trainingRows, model, gain, rounds, trainedRounds, version } = fit;
  return {
    kind,
    features,
    trainingRows,
    score: (x, rows, out) => {
      checkScoreShapes(features, x, rows, out, 1);
      predictRows(fit, x, rows, threads, "value", out);
    },
    contributions: (x, rows, out) => {
      checkScoreShapes(features, x, rows, out, features.length + 1);
      predictRows(fit, x, rows, threads, "contributions", out);
    },
    gainImportance: () => features.map((feature, f) => ({ feature, value: gain[f]! })),
    toJSON: () => ({
      kind,
      features: [...features],
      trainingRows,
      rounds,
      trainedRounds,
      gain: [...gain],
      version,
      sha256: digestOf(model),
      model: Buffer.from(model).toString("base64"),
    }),
  };
}

/** Rows without any feature are NaN; the others are predicted in one go. */
function predictRows(
  { features, model }: TreeFit,
  x: Float64Array,
  rows: number,
  threads: number,
  type: PredictionType,
  out: Float64Array,
): void {
  const columns = features.length;
  const perRow = type === "value" ? 1 : columns + 1;
  const present = new Int32Array(rows);
  let count = 0;
  for (let r = 0; r < rows; r++) if (hasFeature(x, r * columns, columns)) present[count++] = r;
  out.fill(Number.NaN);
  if (count === 0) return;
  const taken = toFloat32(x, features, present.subarray(0, count));
  const answers = new Float64Array(count * perRow);
  predictWithBooster(openXgboost(), model, taken, threads, type, answers);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < perRow; c++) out[present[i]! * perRow + c] = answers[i * perRow + c]!;
}

function hasFeature(x: Float64Array, from: number, columns: number): boolean {
  for (let i = from; i < from + columns; i++) if (x[i] === x[i]) return true;
  return false;
}

/**
 * The given rows in XGBoost's 32 bits.
 *
 * @throws InputError naming the first feature that is too large for them, or infinite
 */
export function toFloat32(x: Float64Array, features: readonly string[], rows: Int32Array): BoosterRows {
  const columns = features.length;
  const out = new Float32Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    for (let f = 0; f < columns; f++) {
      const value = x[rows[i]! * columns + f]!;
      out[i * columns + f] = value;
      if (Math.abs(out[i * columns + f]!) === Infinity)
        throw InputError.of({ where: `feature ${features[f]!}`, rule: "is too large for 32-bit floats", got: value });
    }
  }
  return { x: out, rows: rows.length, columns };
}

/** @throws InputError naming the part of the saved model that is not what `toJSON` writes */
export function treeModelFromData(kind: TreeKind, data: FittedModelData, threads: number): FittedModel {
  const { features, trainingRows, model, sha256, gain, rounds, trainedRounds, version } = data;
  const where = `saved ${kind} model`;
  if (!Array.isArray(gain) || gain.length !== features.length || !gain.every((value) => Number.isFinite(value)))
    throw InputError.of({ where: `${where}: gain`, rule: `must be ${features.length} numbers` });
  if (typeof model !== "string" || model === "")
    throw InputError.of({ where: `${where}: model`, rule: "must be base64 text" });
  const bytes = Buffer.from(model, "base64");
  if (digestOf(bytes) !== sha256)
    throw InputError.of({ where: `${where}: model`, rule: "is damaged: its bytes do not have its sha256" });
  if (typeof rounds !== "number" || typeof trainedRounds !== "number" || typeof version !== "string")
    throw InputError.of({ where, rule: "must have rounds, trainedRounds and version" });
  return treeModel(
    {
      kind,
      features,
      trainingRows,
      model: bytes,
      gain: Float64Array.from(gain),
      rounds,
      trainedRounds,
      version,
    },
    threads,
  );
}

/** The library would follow damaged bytes wherever they point. */
function digestOf(model: Uint8Array): string {
  return createHash("sha256").update(model).digest("hex");
}
