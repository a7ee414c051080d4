/** Constraints between the settings of a sweep's configs: `allocation.lookback_bars > 20`, `a.x < a.y`,
 *  `allocation.method != hrp`. One comparison each; text that holds a dot or an operator goes in quotes. */

export type Operand = { readonly path: string } | { readonly value: string | number };

export interface Constraint {
  readonly text: string;
  readonly left: Operand;
  readonly operator: string;
  readonly right: Operand;
}

/** What is wrong with a constraint, and at which character from 1. */
export interface ConstraintFault {
  readonly rule: string;
  readonly column: number;
}

const FORM = "must be `path operator value`, the operator one of < <= > >= == !=";
const TOKENS = /"[^"]*"|'[^']*'|[<>=!]+|[^\s<>=!"']+|["']/g;
const OPERATORS = ["<", "<=", ">", ">=", "==", "!="];
const PATH = /^[a-z0-9_]+(\.[A-Za-z0-9_-]+)+$|^seed$/;

export function parseConstraint(text: string): Constraint | ConstraintFault {
  const tokens = [...text.matchAll(TOKENS)];
  const [left, operator, right, more] = tokens;
  const fault = (rule: string, column: number): ConstraintFault => ({ rule: `${FORM}; ${rule}`, column });
  const end = text.trimEnd().length + 1;
  const wrong = tokens.slice(0, 3).findIndex(([word], i) => (i === 1) !== /^[<>=!]/.test(word) || /^["']$/.test(word));
  if (wrong >= 0)
    return fault(`found \`${tokens[wrong]![0]}\` at character ${tokens[wrong]!.index + 1}`, tokens[wrong]!.index + 1);
  if (left === undefined || operator === undefined || right === undefined)
    return fault(`nothing follows at character ${end}`, end);
  if (!OPERATORS.includes(operator[0]))
    return fault(`found \`${operator[0]}\` at character ${operator.index + 1}`, operator.index + 1);
  if (more !== undefined)
    return fault(
      `found \`${more[0]}\` at character ${more.index + 1}, a second comparison is an item of its own`,
      more.index + 1,
    );
  return { text, left: operand(left[0]), operator: operator[0], right: operand(right[0]) };
}

/** @param at value at a path of a config; undefined where it has none */
export function holds({ left, operator, right }: Constraint, at: (path: string) => unknown): boolean {
  return compares(operandValue(left, at), operator, operandValue(right, at));
}

function operand(text: string): Operand {
  if (/^["']/.test(text)) return { value: text.slice(1, -1) };
  if (Number.isFinite(Number(text))) return { value: Number(text) };
  return PATH.test(text) ? { path: text } : { value: text };
}

function operandValue(side: Operand, at: (path: string) => unknown): unknown {
  return "path" in side ? at(side.path) : side.value;
}

/** A missing value satisfies nothing but `!=`. */
function compares(left: unknown, operator: string, right: unknown): boolean {
  if (left === undefined || right === undefined) return operator === "!=";
  switch (operator) {
    case "==":
      return left === right || String(left) === String(right);
    case "!=":
      return String(left) !== String(right);
  }
  if (typeof left !== "number" || typeof right !== "number") return false;
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}
