/** An option that may be given several times. */

/** A commander argument parser: the values in order. */
export function optionList(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
