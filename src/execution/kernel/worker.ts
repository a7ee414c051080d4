/** A worker thread of the kernel: runs the configs it is told of, in the memory it is given. */
import { parentPort } from "node:worker_threads";
import { instantiate, runJob } from "./kernel-module.ts";
import type { JobMessage, JobReply } from "./threads.ts";

parentPort?.on("message", ({ module, memory, job }: JobMessage) => {
  let reply: JobReply = null;
  try {
    runJob(instantiate(module, memory), memory, job);
  } catch (error) {
    reply = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  parentPort?.postMessage(reply);
});
