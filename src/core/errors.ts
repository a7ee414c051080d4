/** Errors as data: what broke which rule, where, with which value. Text is made only when one is shown. */

/** One fault in something a person gave us. Rendered as `where: rule, got value`. */
export interface Fault {
  /** file:line, config path, option or symbol: the place a person has to look at. */
  readonly where: string;
  /** What is wrong, or what was expected. */
  readonly rule: string;
  readonly got?: string | number | boolean | null | undefined;
  /** Nearest valid name, when the value looks misspelt. */
  readonly suggestion?: string | undefined;
}

/** Longest part of a fault that is repeated in full. */
const LONGEST_SHOWN = 400;

/** `where: rule, got value, did you mean "x"?` on one line, long parts cut and control characters escaped. */
export function renderFault({ where, rule, got, suggestion }: Fault): string {
  const value = got === undefined ? "" : `, got ${typeof got === "string" ? JSON.stringify(shortened(got)) : got}`;
  const hint = suggestion === undefined ? "" : `, did you mean "${shortened(suggestion)}"?`;
  return printable(`${shortened(where)}: ${shortened(rule)}${value}${hint}`);
}

function shortened(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}... (${text.length} characters)`;
}

/** A name from a file must not break a line or move a cursor. */
function printable(text: string): string {
  return Array.from(text, (letter) => {
    const code = letter.codePointAt(0)!;
    const controls = code < 32 || (code >= 127 && code < 160);
    return controls ? `\\u${code.toString(16).padStart(4, "0")}` : letter;
  }).join("");
}

/** Bad input: a file, a config, an option. The command line turns it into exit code 2 and one line per fault. */
export class InputError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(renderFault).join("\n"));
    this.name = "InputError";
    this.faults = faults;
  }

  static of(fault: Fault): InputError {
    return new InputError([fault]);
  }
}

/**
 * The candidate nearest to `name` by Damerau-Levenshtein distance; one that merely goes on from it counts as one edit.
 *
 * @returns undefined when none is within a third of the name's length (at least 2 edits)
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const goesOn = name.length >= 3 && candidate.toLowerCase().startsWith(name.toLowerCase());
    const distance = Math.min(goesOn ? 1 : Infinity, editDistance(name.toLowerCase(), candidate.toLowerCase()));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const cost = new Int32Array((a.length + 1) * width);
  for (let j = 0; j < width; j++) cost[j] = j;
  for (let i = 1; i <= a.length; i++) {
    cost[i * width] = i;
    for (let j = 1; j < width; j++) {
      const substitution = cost[(i - 1) * width + j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(cost[(i - 1) * width + j]! + 1, cost[i * width + j - 1]! + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, cost[(i - 2) * width + j - 2]! + 1);
      cost[i * width + j] = least;
    }
  }
  return cost[a.length * width + b.length]!;
}
