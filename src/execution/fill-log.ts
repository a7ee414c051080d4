/** An append-only log of fills in growing typed arrays. */
import { FILL_REASONS, type FillReason, type Fills } from "../core/contracts.ts";

/** One fill; units as in Fills. */
export interface Fill {
  readonly bar: number;
  readonly asset: number;
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
  readonly slippage: number;
  readonly impact: number;
  readonly reason: FillReason;
}

export interface FillLog {
  add(fill: Fill): void;
  /** The fills so far, copied to their exact length. */
  finish(): Fills;
}

/** Whole numbers and reals kept per fill. */
const WHOLE = 3;
const REAL = 5;

export function createFillLog(): FillLog {
  let length = 0;
  let whole = new Int32Array(256 * WHOLE);
  let real = new Float64Array(256 * REAL);
  return {
    add({ bar, asset, quantity, price, fee, slippage, impact, reason }) {
      if (length * WHOLE === whole.length) {
        whole = enlarged(whole, new Int32Array(whole.length * 2));
        real = enlarged(real, new Float64Array(real.length * 2));
      }
      whole.set([bar, asset, FILL_REASONS.indexOf(reason)], length * WHOLE);
      real.set([quantity, price, fee, slippage, impact], length * REAL);
      length++;
    },
    finish() {
      const wholes = (field: number) => Int32Array.from({ length }, (_, i) => whole[i * WHOLE + field]!);
      const reals = (field: number) => Float64Array.from({ length }, (_, i) => real[i * REAL + field]!);
      return {
        bar: wholes(0),
        asset: wholes(1),
        quantity: reals(0),
        price: reals(1),
        fee: reals(2),
        slippage: reals(3),
        impact: reals(4),
        reason: Uint8Array.from(wholes(2)),
      };
    },
  };
}

function enlarged<A extends Int32Array | Float64Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
