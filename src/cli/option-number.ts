/** Numeric options, refused with the reason when they are none or out of range. */
import { InvalidArgumentError } from "commander";

export interface NumberRule {
  readonly least?: number;
  readonly most?: number;
  readonly above?: number;
  readonly below?: number;
  readonly whole?: boolean;
}

/** A commander argument parser. */
export function optionNumber(rule: NumberRule): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const refuse = (expected: string): never => {
      throw new InvalidArgumentError(`Must be ${expected}.`);
    };
    if (!Number.isFinite(value)) refuse("a number");
    if (rule.whole && !Number.isInteger(value)) refuse("a whole number");
    if (rule.least !== undefined && value < rule.least) refuse(`at least ${rule.least}`);
    if (rule.most !== undefined && value > rule.most) refuse(`at most ${rule.most}`);
    if (rule.above !== undefined && value <= rule.above) refuse(`above ${rule.above}`);
    if (rule.below !== undefined && value >= rule.below) refuse(`below ${rule.below}`);
    return value;
  };
}
