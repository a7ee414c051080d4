/** YAML of many configs that have most of their blocks in common, as trials of a sweep do: each different block is
 *  written once. */
import { stringify } from "yaml";

/**
 * @returns a function of a config, plain data without references to itself; its text is that of
 *          `stringify(config, { lineWidth: 0 })`
 */
export function configWriter(): (config: Readonly<Record<string, unknown>>) => string {
  const written = new Map<string, string>();
  const blockText = (key: string, block: unknown): string => {
    const mark = JSON.stringify([key, block]);
    const text = written.get(mark) ?? stringify({ [key]: block }, { lineWidth: 0 });
    written.set(mark, text);
    return text;
  };
  return (config) =>
    Object.entries(config)
      .map(([key, block]) => blockText(key, block))
      .join("");
}
