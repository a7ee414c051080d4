/** One shared WebAssembly.Memory and what has been placed in it. Nothing is ever moved or freed: an arena lives as long
 *  as the arrays that look into it. */
import { InputError } from "../../core/errors.ts";

const PAGE_BYTES = 65_536;
/** memory32 ends at 4 GiB. */
const MOST_PAGES = 65_536;
/** Vectors read past the end of the last plane. */
const PADDING_BYTES = 256;

export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** First byte not taken yet. */
  used: number;
}

/** @param bytes how much is going to be placed, as far as known; more is added when needed */
export function createArena(bytes: number): Arena {
  const pages = Math.ceil((bytes + PAGE_BYTES) / PAGE_BYTES);
  checkPages(pages);
  return { memory: new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true }), used: 1024 };
}

/** Takes `bytes` of zeroed memory, with room behind it for a vector read past its end. */
export function take(arena: Arena, bytes: number): number {
  const at = arena.used;
  arena.used = at + Math.ceil((bytes + PADDING_BYTES) / 64) * 64;
  const missing = Math.ceil((arena.used - arena.memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) {
    checkPages(Math.ceil(arena.used / PAGE_BYTES));
    arena.memory.grow(missing);
  }
  return at;
}

export function floatsAt(arena: Arena, at: number, length: number): Float64Array {
  return new Float64Array(arena.memory.buffer, at, length);
}

export function wordsOf(arena: Arena): DataView {
  return new DataView(arena.memory.buffer);
}

function checkPages(pages: number): void {
  if (pages <= MOST_PAGES) return;
  const got = `${Math.ceil((pages * PAGE_BYTES) / 2 ** 20)} MiB`;
  const rule = "weights in place and results must fit in 4096 MiB: fewer configs, fewer planes or a smaller block";
  throw InputError.of({ where: "batch memory", rule, got });
}
