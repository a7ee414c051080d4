/** Compiles the AssemblyScript sources of the execution kernel into one WebAssembly module. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const SOURCES = fileURLToPath(new URL("../src/execution/kernel/assembly/", import.meta.url));
/** Vectors, threads' shared memory up to what 32 bits reach, and nothing of a runtime. */
const FLAGS = [
  ..."--enable simd,bulk-memory,threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536".split(
    " ",
  ),
  ..."--runtime stub --optimizeLevel 3 --shrinkLevel 1 --noAssert".split(" "),
  // v128 is exchanged between the kernel's own files only
  ..."--disableWarning 112".split(" "),
];

/**
 * Writes the compiled module; equal sources give equal bytes.
 *
 * @param outFile path of the .wasm file, its folder made when missing
 * @throws Error with the compiler's messages
 */
export async function buildKernel(outFile: string): Promise<void> {
  const result = await main(["kernel.ts", "--baseDir", SOURCES, "--outFile", relative(SOURCES, outFile), ...FLAGS]);
  const said = result.stderr.toString();
  if (result.error !== null) throw new Error(said || result.error.message);
  if (said !== "") console.error(said);
}
