/** Trains in a process of its own, to be killed: argv names the cache's folder; a line is written for every fold done. */
import { openStageCache } from "../../src/experiment/stage-cache.ts";
import { noiseMarket, train } from "../support/training.ts";
import { resumeConfig } from "./training-resume.ts";

await train(resumeConfig(), noiseMarket(2, 300, 8), {
  cache: openStageCache(process.argv[2]!),
  dataHash: "noise 2",
  explain: true,
  onFold: (done, of) => done > 0 && process.stdout.write(`${done}/${of}\n`),
});
