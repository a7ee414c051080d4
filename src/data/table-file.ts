/** What kind of table a path holds, told by its name and confirmed by its first bytes before any reader opens it. */
import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { InputError } from "../core/errors.ts";

export interface TableFile {
  /** As the user gave it; every message names the file this way. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly format: "csv" | "csv.gz" | "parquet";
  readonly bytes: number;
}

const HEAD_BYTES = 65_536;

/**
 * @param path .csv, .csv.gz or .parquet, in any letter case
 * @throws InputError when it is missing, not a file, empty, unreadable, named otherwise, or its bytes belie its name
 */
export async function openTableFile(path: string): Promise<TableFile> {
  const refuse = (rule: string): InputError => InputError.of({ where: path === "" ? '""' : path, rule });
  const absolute = resolve(path);
  const status = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === "ENOENT" ? "no such file" : `cannot be read (${error.code})`);
  });
  if (path === "") throw refuse("no such file");
  if (status.isDirectory()) throw refuse("is a directory, expected a .csv, .csv.gz or .parquet file");
  if (!status.isFile()) throw refuse("is not a regular file");
  if (status.size === 0) throw refuse("is empty");
  const head = await headOf(absolute).catch((error: NodeJS.ErrnoException) => {
    throw refuse(`cannot be read (${error.code})`);
  });
  const file = { name: path, path: absolute, bytes: status.size };
  const isParquet = head.subarray(0, 4).toString("latin1") === "PAR1";
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (/\.parquet$/i.test(path)) {
    if (!isParquet) throw refuse("is not a Parquet file (its first bytes are not PAR1)");
    return { ...file, format: "parquet" };
  }
  if (/\.csv\.gz$/i.test(path)) {
    if (!isGzip) throw refuse("is not gzip data; name it .csv if it is plain text");
    refuseBinary(inflatedHead(head), refuse);
    return { ...file, format: "csv.gz" };
  }
  if (!/\.csv$/i.test(path)) throw refuse("must end in .csv, .csv.gz or .parquet");
  if (isParquet) throw refuse("is a Parquet file; name it .parquet");
  if (isGzip) throw refuse("is gzip data; name it .csv.gz");
  refuseBinary(head, refuse);
  return { ...file, format: "csv" };
}

function refuseBinary(head: Buffer, refuse: (rule: string) => InputError): void {
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (utf16) throw refuse("is UTF-16 text; save it as UTF-8");
  if (head.includes(0)) throw refuse("is not a text file (it holds NUL bytes)");
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** As much as a cut-off gzip stream yields; damage beyond the head is the reader's to find. */
function inflatedHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: 2 });
  } catch {
    return Buffer.alloc(0);
  }
}
