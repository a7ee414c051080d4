/** Constraints between axes: `allocation.lookback_bars > 20`, `a.x < a.y`, `allocation.method != hrp`. */
import { InputError } from "../core/errors.ts";

const FORM = /^\s*(\S+)\s*(<=|>=|==|!=|<|>)\s*(.+?)\s*$/;

type Operand = { readonly path: string } | { readonly value: string | number };

export interface Constraint {
  readonly text: string;
  /** @param at value at a path of a config; undefined where it has none */
  holds(at: (path: string) => unknown): boolean;
}

/** @throws InputError for text that is no constraint */
export function parseConstraint(text: string): Constraint {
  const parts = FORM.exec(text);
  if (parts === null)
    throw InputError.of({
      where: "sweep.where",
      rule: "must be `path operator value`, the operator one of < <= > >= == !=",
      got: text,
    });
  const [left, right] = [operand(parts[1]!), operand(parts[3]!)];
  const operator = parts[2]!;
  return { text, holds: (at) => compares(operandValue(left, at), operator, operandValue(right, at)) };
}

function operand(text: string): Operand {
  const number = Number(text);
  if (text !== "" && Number.isFinite(number)) return { value: number };
  if (/^[a-z0-9_]+(\.[A-Za-z0-9_-]+)+$/.test(text)) return { path: text };
  return { value: text.replace(/^["'](.*)["']$/, "$1") };
}

function operandValue(side: Operand, at: (path: string) => unknown): unknown {
  return "path" in side ? at(side.path) : side.value;
}

/** A missing value satisfies nothing but `!=`. */
function compares(left: unknown, operator: string, right: unknown): boolean {
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
