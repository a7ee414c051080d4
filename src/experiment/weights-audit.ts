/** The append-only store of plans that were applied. A run id stands for one plan for good. */
import { InputError } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import { inTransaction, useStore } from "./sqlite-store.ts";
import type { StoreKind } from "./store-version.ts";
import type { WeightsPlan } from "./weights-plan.ts";

const FIRST = `
  CREATE TABLE IF NOT EXISTS plans (
    run_id TEXT PRIMARY KEY, inputs_hash TEXT NOT NULL, plan TEXT NOT NULL, applied_at TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER IF NOT EXISTS plans_are_final BEFORE UPDATE ON plans
    BEGIN SELECT RAISE(ABORT, 'plans are never changed'); END;
  CREATE TRIGGER IF NOT EXISTS plans_stay BEFORE DELETE ON plans
    BEGIN SELECT RAISE(ABORT, 'plans are never deleted'); END;
`;

const AUDIT: StoreKind = {
  noun: "an audit store",
  option: "--store",
  missing: "no plan was ever applied",
  // "BLSA"
  applicationId: 0x42_4c_53_41,
  migrations: [FIRST],
  unmarked: "plans(run_id,inputs_hash,plan,applied_at)",
};

export interface AppliedPlan {
  readonly run_id: string;
  /** False when this run id was applied before; the plan is the one of then. */
  readonly recorded: boolean;
  readonly applied_at: string;
  readonly plan: WeightsPlan;
}

/**
 * Records a plan under its run id; the same id with the same inputs changes nothing and gives the first result.
 *
 * @param now ISO time that is recorded
 * @throws InputError when the id was applied with other inputs; as useStore
 */
export function applyPlan(store: string, runId: string, plan: WeightsPlan, now: string): AppliedPlan {
  if (!/^[\w.:@+-]{1,200}$/.test(runId))
    throw InputError.of({
      where: "--run-id",
      rule: "must be letters, digits and . _ : @ + -, at most 200",
      got: runId,
    });
  return useStore(AUDIT, store, "record", (database) => {
    const inputsHash = hashValue(plan.inputs);
    const insert = database.prepare("INSERT INTO plans VALUES (?, ?, ?, ?) ON CONFLICT (run_id) DO NOTHING");
    const recorded = inTransaction(
      database,
      () => insert.run(runId, inputsHash, JSON.stringify(plan), now).changes === 1,
    );
    const row = database.prepare("SELECT inputs_hash, plan, applied_at FROM plans WHERE run_id = ?").get(runId) as {
      inputs_hash: string;
      plan: string;
      applied_at: string;
    };
    if (row.inputs_hash !== inputsHash)
      throw InputError.of({
        where: `${store}, run_id ${runId}`,
        rule: `was applied at ${row.applied_at} with other inputs; take another --run-id`,
      });
    return { run_id: runId, recorded, applied_at: row.applied_at, plan: JSON.parse(row.plan) as WeightsPlan };
  });
}
