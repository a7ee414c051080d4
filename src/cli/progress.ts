/** Progress on stderr for work that takes longer than a second: a bar on a terminal, plain lines elsewhere. */
import { Presets, SingleBar } from "cli-progress";

const PATIENCE_MS = 1000;

export interface Progress {
  /** A new stage begins. */
  stage(name: string): void;
  finish(): void;
}

/** @param stages how many stages there will be */
export function createProgress(stages: number): Progress {
  const started = performance.now();
  const terminal = process.stderr.isTTY === true;
  let bar: SingleBar | undefined;
  let done = -1;
  let current = "";
  const late = () => performance.now() - started > PATIENCE_MS;
  const show = () => {
    clearTimeout(alarm);
    if (!terminal) {
      process.stderr.write(`${current} (${done + 1}/${stages})\n`);
      return;
    }
    if (bar === undefined) {
      bar = new SingleBar(
        {
          format: "{bar} {value}/{total} {stage}",
          barsize: 24,
          clearOnComplete: true,
          hideCursor: true,
          stream: process.stderr,
        },
        Presets.shades_classic,
      );
      bar.start(stages, done, { stage: current });
    } else bar.update(done, { stage: current });
  };
  const alarm = setTimeout(show, PATIENCE_MS);
  alarm.unref();
  return {
    stage(name) {
      done++;
      current = name;
      if (late()) show();
    },
    finish() {
      clearTimeout(alarm);
      bar?.stop();
    },
  };
}
