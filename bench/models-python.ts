/** Python's XGBoost and scikit-learn on the rows, folds, parameters and threads that our models get, each call in a fresh
 *  process. The clock runs over fitting and predicting alone. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export type PythonModel = "ridge" | "xgboost" | "random_forest" | "sklearn_forest";

export interface PythonRun {
  readonly folds: readonly { readonly fold: number; readonly ms: number; readonly cpuMs: number }[];
  readonly peakMb: number;
}

/** Which library answers for which model. */
export const PYTHON_LIBRARY: Readonly<Record<PythonModel, "xgboost" | "sklearn">> = {
  ridge: "sklearn",
  xgboost: "xgboost",
  random_forest: "xgboost",
  sklearn_forest: "sklearn",
};

/** Debian's packages are seen by its own Python alone, which need not be the first on the path. */
const PYTHONS = ["python3", "/usr/bin/python3"] as const;

/** argv: the folder, the model, the folds, the file for the predictions. Where XGBoost passes over what is missing
 *  scikit-learn's forest gets the training mean, which is not on its clock; that of ridge is. */
const SCRIPT = `
import json, resource, sys, time
import numpy as np
folder, model, folds, file = sys.argv[1:5]
with open(folder + "/rows.json") as told:
    rows = json.load(told)
wide = model == "ridge"
x = np.fromfile(folder + ("/x.f64" if wide else "/x.f32"), np.float64 if wide else np.float32)
x = x.reshape(-1, rows["columns"])
y = np.fromfile(folder + "/y.f64", np.float64)

def boosted(fold, rounds, given):
    from xgboost import XGBRegressor
    return XGBRegressor(n_estimators=rounds, n_jobs=rows["threads"], random_state=rows["seed"],
                        base_score=fold["mean"], **given)

def ridge(fold):
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    return make_pipeline(StandardScaler(copy=False), SimpleImputer(strategy="constant", fill_value=0, copy=False),
                         Ridge(alpha=rows["parameters"]["ridge"]["alpha"], copy_X=False))

def xgboost(fold):
    given = rows["parameters"]["xgboost"]
    return boosted(fold, given["rounds"], given["library"])

def random_forest(fold):
    given = rows["parameters"]["random_forest"]
    return boosted(fold, 1, {**given["library"], "num_parallel_tree": given["trees"], "learning_rate": 1})

def sklearn_forest(fold):
    from sklearn.ensemble import RandomForestRegressor
    given = rows["parameters"]["random_forest"]
    return RandomForestRegressor(given["trees"], n_jobs=rows["threads"], random_state=rows["seed"],
                                 max_depth=given["library"]["max_depth"], max_samples=given["library"]["subsample"],
                                 max_features=given["library"]["colsample_bynode"])

timings = []
with open(file, "wb") as out:
    for k in map(int, folds.split(",")):
        fold = rows["folds"][k]
        known = np.flatnonzero(np.isfinite(y[slice(*fold["train"])])) + fold["train"][0]
        x_train, y_train, x_test = x[known], y[known], x[slice(*fold["test"])].copy()
        if model == "sklearn_forest":
            means = np.nanmean(x_train, axis=0)
            for part in (x_train, x_test):
                np.copyto(part, means, where=np.isnan(part))
        regressor = globals()[model](fold)
        start, cpu = time.perf_counter(), time.process_time()
        predicted = regressor.fit(x_train, y_train).predict(x_test)
        ms, cpu_ms = 1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - cpu)
        timings.append({"fold": k, "ms": ms, "cpuMs": cpu_ms})
        np.asarray(predicted, np.float64).tofile(out)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"folds": timings, "peakMb": peak}))
`;

export interface FoundPython {
  readonly command: string;
  readonly version: string;
}

/** @returns where the library is, or why it is not compared */
export function findPython(library: "xgboost" | "sklearn"): FoundPython | string {
  for (const command of PYTHONS) {
    const found = spawnSync(command, ["-c", `import ${library}; print(${library}.__version__)`], { encoding: "utf8" });
    if (found.status === 0) return { command, version: lastLine(found.stdout) };
  }
  return `not compared: ${PYTHONS.join(" and ")} have no ${library}`;
}

/**
 * OpenMP's idle threads sleep, as ours do: spinning ones make Python six times slower where the machine has other work.
 *
 * @param folder holds the rows that `models-run.ts rows` wrote
 */
export function runPython(
  { command }: FoundPython,
  model: PythonModel,
  folds: readonly number[],
  folder: string,
  file: string,
): PythonRun {
  const script = join(folder, "models.py");
  writeFileSync(script, SCRIPT);
  const child = spawnSync(command, [script, folder, model, folds.join(","), file], {
    encoding: "utf8",
    env: { ...process.env, OMP_WAIT_POLICY: "PASSIVE" },
  });
  if (child.status !== 0) throw new Error(`${model} in Python failed: ${child.stderr}`);
  return JSON.parse(lastLine(child.stdout)) as PythonRun;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
