/** Signals that a file of the user's own defines: direction and strength per asset from prices, features and scores.
 *  Row t of what it writes may use rows <= t only; `ballast lookahead` proves it. */
import type { z } from "zod";
import { type Extension, fillByExtension, type ParameterSchema, tagged } from "../core/extension.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { copiedMarket } from "../data/market-copy.ts";

/** What a signal is made of; all planes [T*N] at t * assets + n, NaN = missing. */
export interface SignalInputs {
  readonly market: Ohlcv;
  /** N. */
  readonly assets: number;
  readonly periodsPerYear: number;
  /** Of the experiment's ranking or models, higher = better; null = it has neither. */
  readonly scores: Floats | null;
  /** Column name -> plane; empty without a `features` block. */
  readonly features: ReadonlyMap<string, Floats>;
  /** Paid by longs, fraction of notional per bar; null = the data have none. */
  readonly fundingRate: Floats | null;
}

export interface SignalExtension<Ps extends ParameterSchema = ParameterSchema> extends Extension<"signal", Ps> {
  /** Writes out [T*N], which holds NaN: signed strength, 0 = out, NaN = no opinion. Bars without a close become NaN.
   *  Inputs are copies, so that nothing it writes to them is seen by others. */
  strength(inputs: SignalInputs, parameters: z.output<Ps>, out: Float64Array): void;
}

/**
 * A signal for `signal: {kind: <name>}` of experiments that name its file under `extensions`.
 *
 * @returns the definition, frozen; export it from the file
 */
export function defineSignal<const Ps extends ParameterSchema>(
  definition: Omit<SignalExtension<Ps>, "extends" | "file">,
): SignalExtension<Ps> {
  return tagged("signal", definition);
}

/**
 * @returns [T*N] signed strength; NaN where the asset has no close
 * @throws InputError naming file and definition where the function throws or writes an infinite number
 */
export function extensionStrength(
  extension: SignalExtension,
  inputs: SignalInputs,
  parameters: Readonly<Record<string, unknown>>,
): Float64Array {
  const { market, scores, features, fundingRate } = inputs;
  const { close } = market;
  const copies = {
    ...inputs,
    market: copiedMarket(market),
    scores: scores?.slice() ?? null,
    features: new Map([...features].map(([name, plane]) => [name, plane.slice()])),
    fundingRate: fundingRate?.slice() ?? null,
  };
  const strength = new Float64Array(close.length).fill(Number.NaN);
  fillByExtension(extension, "strength", strength, () =>
    extension.strength(copies, structuredClone(parameters), strength),
  );
  for (let i = 0; i < strength.length; i++) if (close[i] !== close[i]) strength[i] = Number.NaN;
  return strength;
}
