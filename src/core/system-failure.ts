/** What the operating system complains of, in a person's words. */
import { InputError } from "./errors.ts";

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EIO: "the disk does not answer",
  ENOTDIR: "a part of the path is a file, not a directory",
  EEXIST: "a file, or a link to nowhere, is in the way",
  EISDIR: "is a directory",
  ENOENT: "there is no such folder",
  ELOOP: "the links lead round in a circle",
  ENAMETOOLONG: "the name is too long",
  EPIPE: "nobody reads it",
};

/** `path: what is wrong`; undefined for an error that is not the system's, or that has no words here. */
export function systemFailure(error: unknown): string | undefined {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : WORDS[code];
  return words === undefined ? undefined : `${path ?? syscall ?? "file system"}: ${words}`;
}

/** What a person is told of bad input or a failure of the system; undefined for a defect. */
export function expectedFailure(error: unknown): string | undefined {
  return error instanceof InputError ? error.message : systemFailure(error);
}
