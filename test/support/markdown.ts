/** What a page of documentation shows: fenced blocks with their language and line, and commands. */
import { readFileSync } from "node:fs";

export interface CodeBlock {
  /** `README.md:12`, the line of the opening fence. */
  readonly at: string;
  /** "" where the fence names none. */
  readonly language: string;
  readonly code: string;
}

/** @param name as it appears in `at` */
export function codeBlocks(file: string, name: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { line: number; language: string; code: string[] } | null = null;
  for (const [i, text] of readFileSync(file, "utf8").split("\n").entries()) {
    const fence = /^```(.*)$/.exec(text);
    if (fence === null) open?.code.push(text);
    else if (open === null) open = { line: i + 1, language: fence[1]!.trim(), code: [] };
    else {
      blocks.push({ at: `${name}:${open.line}`, language: open.language, code: `${open.code.join("\n")}\n` });
      open = null;
    }
  }
  if (open !== null) throw new Error(`${name}:${open.line}: the block is not closed`);
  return blocks;
}

export interface ShownCommand {
  readonly at: string;
  readonly command: string;
}

const STARTS = /^(npx ballast|npm|node) /;

/** Every command of `sh` blocks and between backticks, in order: comments, redirections and `&&` taken apart. */
export function shownCommands(file: string, name: string): ShownCommand[] {
  const inBlocks = codeBlocks(file, name)
    .filter(({ language }) => language === "sh")
    .flatMap(({ at, code }) => code.split("\n").map((text) => ({ at, text })));
  const lines = readFileSync(file, "utf8").split("\n");
  const inline = lines.flatMap((line, i) =>
    [...line.matchAll(/`([^`]+)`/g)].map((match) => ({ at: `${name}:${i + 1}`, text: match[1]! })),
  );
  return [...inBlocks, ...inline].flatMap(({ at, text }) =>
    text
      .replace(/ #.*$/, "")
      .split("&&")
      .map((part) => part.replace(/ > \S+$/, "").trim())
      .filter((part) => STARTS.test(`${part} `))
      .map((command) => ({ at, command })),
  );
}
