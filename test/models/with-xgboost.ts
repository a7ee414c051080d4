/** What needs XGBoost's library is skipped where it cannot load, with the reason in the title. */
import { describe, test } from "vitest";
import { xgboostObstacle } from "../../src/models/xgboost-library.ts";

/** A describe block that needs XGBoost's library; without it the block is skipped, and its title says why. */
export function describeWithXgboost(title: string, body: () => void): void {
  const obstacle = xgboostObstacle();
  if (obstacle === null) describe(title, body);
  else describe(title, () => test.skip(`skipped: ${obstacle}`));
}
