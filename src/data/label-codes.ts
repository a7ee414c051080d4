/** Dictionary codes for repeated 64-bit keys (a date as a double, a text as its 64-bit hash): 619,040 symbols become
 *  505 strings. Open addressing over two 32-bit words, no object and no string per row. */

export interface LabelCodes {
  /**
   * Codes keys in order of first appearance, from 0.
   *
   * @param words [2*count] low and high word of each key
   * @param count how many keys
   * @param out   receives one code a key from `at` on
   * @param onNew called with the row of each key not seen before; its code is the number of earlier calls
   */
  encode(words: Uint32Array, count: number, out: Int32Array, at: number, onNew: (row: number) => void): void;
  readonly size: number;
}

export function createLabelCodes(): LabelCodes {
  let capacity = 1024;
  let lows = new Uint32Array(capacity);
  let highs = new Uint32Array(capacity);
  let codes = new Int32Array(capacity).fill(-1);
  let size = 0;

  const slotOf = (low: number, high: number): number => {
    let slot = (Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b) >>> 7) & (capacity - 1);
    while (codes[slot] !== -1 && (lows[slot] !== low || highs[slot] !== high)) slot = (slot + 1) & (capacity - 1);
    return slot;
  };

  const grow = (): void => {
    const [oldLows, oldHighs, oldCodes] = [lows, highs, codes];
    capacity *= 4;
    lows = new Uint32Array(capacity);
    highs = new Uint32Array(capacity);
    codes = new Int32Array(capacity).fill(-1);
    for (let k = 0; k < oldCodes.length; k++) {
      if (oldCodes[k] === -1) continue;
      const slot = slotOf(oldLows[k]!, oldHighs[k]!);
      lows[slot] = oldLows[k]!;
      highs[slot] = oldHighs[k]!;
      codes[slot] = oldCodes[k]!;
    }
  };

  return {
    get size() {
      return size;
    },
    encode(words, count, out, at, onNew) {
      let lastLow = 0;
      let lastHigh = 0;
      let lastCode = -1;
      for (let row = 0; row < count; row++) {
        const low = words[2 * row]!;
        const high = words[2 * row + 1]!;
        if (lastCode === -1 || low !== lastLow || high !== lastHigh) {
          let slot = slotOf(low, high);
          if (codes[slot] === -1) {
            onNew(row);
            if (size * 2 >= capacity) {
              grow();
              slot = slotOf(low, high);
            }
            lows[slot] = low;
            highs[slot] = high;
            codes[slot] = size++;
          }
          lastCode = codes[slot]!;
          lastLow = low;
          lastHigh = high;
        }
        out[at + row] = lastCode;
      }
    },
  };
}
