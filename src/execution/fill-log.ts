/** An append-only log of fills in growing typed arrays; no object per fill. */
import { FILL_REASONS, type FillReason, type Fills } from "../core/contracts.ts";

export interface FillLog {
  /** @param quantity signed units @param price slippage included @param fee, slippage currency */
  add(
    bar: number,
    asset: number,
    quantity: number,
    price: number,
    fee: number,
    slippage: number,
    reason: FillReason,
  ): void;
  /** The fills so far, copied to their exact length. */
  finish(): Fills;
}

export function createFillLog(): FillLog {
  let capacity = 256;
  let length = 0;
  let whole = new Int32Array(capacity * 2);
  let real = new Float64Array(capacity * 4);
  let reasons = new Uint8Array(capacity);

  const grow = (): void => {
    capacity *= 2;
    const [oldWhole, oldReal, oldReasons] = [whole, real, reasons];
    whole = new Int32Array(capacity * 2);
    whole.set(oldWhole);
    real = new Float64Array(capacity * 4);
    real.set(oldReal);
    reasons = new Uint8Array(capacity);
    reasons.set(oldReasons);
  };

  return {
    add(bar, asset, quantity, price, fee, slippage, reason) {
      if (length === capacity) grow();
      whole[length * 2] = bar;
      whole[length * 2 + 1] = asset;
      real[length * 4] = quantity;
      real[length * 4 + 1] = price;
      real[length * 4 + 2] = fee;
      real[length * 4 + 3] = slippage;
      reasons[length] = FILL_REASONS.indexOf(reason);
      length++;
    },
    finish() {
      const column = (field: number) => Float64Array.from({ length }, (_, i) => real[i * 4 + field]!);
      return {
        bar: Int32Array.from({ length }, (_, i) => whole[i * 2]!),
        asset: Int32Array.from({ length }, (_, i) => whole[i * 2 + 1]!),
        quantity: column(0),
        price: column(1),
        fee: column(2),
        slippage: column(3),
        reason: reasons.slice(0, length),
      };
    },
  };
}
