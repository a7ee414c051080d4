/** Panels beside prices and targets are checked once, where a run begins. */
import { InputError } from "../core/errors.ts";
import type { Axes } from "../core/panel.ts";
import type { ExecutionPolicy } from "./policy.ts";
import type { ExecutionPanels } from "./step-context.ts";

/** @throws InputError for a panel of another size, a fraction outside [0, 1], or move fractions under `signals` */
export function checkPanels({ fundingRate, moves }: ExecutionPanels, axes: Axes, policy: ExecutionPolicy): void {
  const cells = axes.time.length * axes.assets.length;
  const sized = (where: string, plane: ArrayLike<number>) => {
    if (plane.length !== cells) throw InputError.of({ where, rule: `must have ${cells} cells`, got: plane.length });
  };
  if (fundingRate) sized("funding rates", fundingRate);
  if (!moves) return;
  if (policy.executionMode === "signals")
    throw InputError.of({
      where: "move fractions",
      rule: "need execution mode orders: signals only enter, exit and turn round",
    });
  sized("move fractions", moves.fraction);
  const outside = moves.fraction.findIndex((f) => f < 0 || f > 1);
  if (outside >= 0)
    throw InputError.of({
      where: `move fractions, ${cellName(axes, outside)}`,
      rule: "must be in [0, 1]",
      got: moves.fraction[outside]!,
    });
  if (moves.gate === null) return;
  sized("plan openings", moves.gate.opening);
  if (moves.gate.quiet) sized("quiet plans", moves.gate.quiet);
  if (!(moves.gate.threshold >= 0))
    throw InputError.of({ where: "plan threshold", rule: "must be >= 0", got: moves.gate.threshold });
}

/** "bar 3 BTC" */
export function cellName({ assets }: Axes, cell: number): string {
  return `bar ${Math.floor(cell / assets.length)} ${assets[cell % assets.length]}`;
}
