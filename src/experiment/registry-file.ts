/** The registry's file: opened for one piece of work and closed again. */
import type { DatabaseSync } from "node:sqlite";
import { REGISTRY } from "./registry-schema.ts";
import { type StoreAccess, useStore } from "./sqlite-store.ts";

/** Beside the experiments, where the command is run. */
export const DEFAULT_REGISTRY = ".ballast/runs.db";

/** @throws as useStore */
export function useRegistry<T>(path: string, access: StoreAccess, work: (database: DatabaseSync) => T): T {
  return useStore(REGISTRY, path, access, work);
}
