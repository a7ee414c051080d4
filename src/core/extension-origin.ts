/** Where a definition of an extension comes from, and the error when it does not do what its kind of definition must.
 *  Whoever wrote the file has to look at it, so the error is one of bad input. */
import { InputError } from "./errors.ts";

export interface ExtensionOrigin {
  /** As the experiment names it. */
  readonly file: string;
  /** Of the file and all it imports: two definitions of one name are the same only when it is. */
  readonly hash: string;
}

/** `./my-hrp.ts: weighting my_hrp` */
export function extensionLabel({ file }: ExtensionOrigin, kind: string, name: string): string {
  return `${file}: ${kind} ${name}`;
}

/**
 * What the call returned; whatever it throws becomes an InputError that says where.
 *
 * @param label of the definition, and what it was asked: `./my-hrp.ts: weighting my_hrp`
 * @throws InputError
 */
export function calledExtension<T>(label: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof InputError)
      throw new InputError(error.faults.map((fault) => ({ ...fault, where: `${label}: ${fault.where}` })));
    throw Object.assign(InputError.of({ where: label, rule: `threw ${textOf(error)}${placeOf(error)}` }), {
      cause: error,
    });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `${error}`;
}

/** " (my-hrp.ts:12)": the line that threw, where the stack says it. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const place = /([^/\\\s(]+\.[cm]?[jt]s):(\d+):\d+/.exec(stack.slice(stack.indexOf("\n")));
  return place === null ? "" : ` (${place[1]}:${place[2]})`;
}
