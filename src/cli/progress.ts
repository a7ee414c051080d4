/** Progress on stderr for work that takes longer than a second: a bar on a terminal, plain lines elsewhere. */
import { Presets, SingleBar } from "cli-progress";
import { type PaceStart, paceText } from "./pace.ts";

const PATIENCE_MS = 1000;

/** Lines about counted work where there is no terminal to write over: at most so many, and so long apart. */
const LINES = 20;
const APART_MS = 1000;

export interface Progress {
  /** A new stage begins. */
  stage(name: string): void;
  /** So much of the current stage is done; first told before any of it is done in this process. */
  count(what: string, done: number, of: number): void;
  finish(): void;
}

/** @param stages how many stages there will be */
export function createProgress(stages: number): Progress {
  const started = performance.now();
  const terminal = process.stderr.isTTY === true;
  let bar: SingleBar | undefined;
  let begun = 0;
  let stageName = "";
  let counted: { readonly start: PaceStart; part: number; text: string; line: number; shownAt: number } | undefined;
  const late = () => performance.now() - started > PATIENCE_MS;
  const show = () => {
    clearTimeout(alarm);
    const text = counted === undefined ? stageName : `${stageName}: ${counted.text}`;
    if (!terminal) {
      process.stderr.write(`${text} (${begun}/${stages})\n`);
      return;
    }
    const value = begun - 1 + (counted?.part ?? 0);
    const stage = `${begun}/${stages} ${text}`;
    if (bar === undefined) {
      bar = new SingleBar(
        { format: "{bar} {stage}", barsize: 20, clearOnComplete: true, hideCursor: true, stream: process.stderr },
        Presets.shades_classic,
      );
      bar.start(stages, value, { stage });
    } else bar.update(value, { stage });
  };
  const alarm = setTimeout(show, PATIENCE_MS);
  alarm.unref();
  return {
    stage(name) {
      begun++;
      stageName = name;
      counted = undefined;
      if (late()) show();
    },
    count(what, done, of) {
      const ms = performance.now();
      counted ??= { start: { done, ms }, part: 0, text: "", line: 0, shownAt: ms - APART_MS };
      counted.part = of === 0 ? 1 : done / of;
      counted.text = paceText(what, done, of, counted.start, ms);
      const line = Math.floor(LINES * counted.part);
      if (late() && (terminal || (line > counted.line && ms - counted.shownAt >= APART_MS))) {
        counted.line = line;
        counted.shownAt = ms;
        show();
      }
    },
    finish() {
      clearTimeout(alarm);
      bar?.stop();
    },
  };
}
