/** The experiment that is killed and resumed: slow enough to be caught in the middle. */
import { type TrainingConfig, trainingConfig } from "../support/training.ts";

export function resumeConfig(): TrainingConfig {
  return trainingConfig("model_type: [ridge, theil_sen], params: {theil_sen: {max_rows: 1000}}");
}
