/** CSV read record by record in plain JavaScript, with the physical line of each: for headers, for files the fast
 *  reader refuses, and to tell a person where a fault stands. RFC 4180 quotes; LF and CRLF may be mixed. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { InputError } from "../core/errors.ts";
import type { TableFile } from "./table-file.ts";

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const COMMA = 44;
const UNDERSCORE = 95;
const [ZERO, NINE] = [48, 57];
/** Characters of one record beyond which the file is taken for something else. */
const LONGEST_RECORD = 1 << 22;
/** Stands for a quote that closed a cell: another one right after it makes an escaped quote of the two. */
const CLOSED = -1;

export interface CsvRecord {
  /** Physical line the record begins on, from 1. */
  readonly line: number;
  /** Cells without their quotes, otherwise as written. */
  readonly cells: readonly string[];
  /** True when a quoted cell was never closed or has text after its closing quote. */
  readonly malformed: boolean;
}

/**
 * Every record that is not a blank line, header included, in file order. A UTF-8 byte order mark is dropped and
 * bytes that are not UTF-8 become U+FFFD.
 *
 * @throws InputError when the file stops being readable on the way (damaged gzip data)
 */
export async function* csvRecords(file: TableFile): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder("utf-8");
  const scanner = createScanner(file.name);
  for await (const bytes of fileBytes(file)) yield* scanner.push(decoder.decode(bytes, { stream: true }));
  yield* scanner.push(decoder.decode());
  yield* scanner.finish();
}

/** What a scan of bytes tells of a file. */
export interface RecordScan {
  /** Data records, the header left out. */
  readonly records: number;
  /** True when an underscore stands between two digits below the header: DuckDB reads 1_000 as a number and this house does not. */
  readonly hasDigitGroups: boolean;
}

/**
 * Tells the physical line, from 1, on which each data record begins; the first after the header is record 0.
 * A scan of bytes alone: what any other reader must find in the file, at a fraction of the cost of reading it.
 */
export async function scanRecords(
  file: TableFile,
  onRecord: (record: number, line: number) => void,
): Promise<RecordScan> {
  const scan: LineScan = { line: 1, record: -2, inRecord: false, quoted: false, previous: COMMA };
  const begin = (): void => {
    scan.inRecord = true;
    if (++scan.record >= 0) onRecord(scan.record, scan.line);
  };
  let hasDigitGroups = false;
  let isHeader = true;
  let tail: Uint8Array = new Uint8Array(0);
  for await (const bytes of fileBytes(file)) {
    // A column may well be called momentum_12_1.
    const data: Uint8Array | undefined = isHeader ? afterFirstLine(bytes) : bytes;
    isHeader &&= data === undefined;
    if (data !== undefined && !hasDigitGroups) {
      hasDigitGroups = hasDigitGroup(data) || hasDigitGroup(Uint8Array.of(...tail, ...data.subarray(0, 2)));
      tail = Uint8Array.from(data.subarray(-2));
    }
    if (!scan.quoted && !bytes.includes(QUOTE)) scanPlain(bytes, scan, begin);
    else scanQuoted(bytes, scan, begin);
  }
  return { records: Math.max(0, scan.record + 1), hasDigitGroups };
}

/**
 * @param records ascending positions among the data records
 * @returns       the line of each, from 1; 0 where the file has no such record
 */
export async function linesOfRecords(file: TableFile, records: readonly number[]): Promise<number[]> {
  const lines = new Array<number>(records.length).fill(0);
  let next = 0;
  await scanRecords(file, (record, line) => {
    while (records[next] === record) lines[next++] = line;
  });
  return lines;
}

/** Where scanRecords stands between two blocks of bytes. */
interface LineScan {
  line: number;
  /** -1 is the header. */
  record: number;
  inRecord: boolean;
  quoted: boolean;
  previous: number;
}

function afterFirstLine(bytes: Uint8Array): Uint8Array | undefined {
  const end = bytes.indexOf(NEWLINE);
  return end < 0 ? undefined : bytes.subarray(end + 1);
}

function hasDigitGroup(bytes: Uint8Array): boolean {
  const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;
  for (let at = bytes.indexOf(UNDERSCORE); at >= 0; at = bytes.indexOf(UNDERSCORE, at + 1))
    if (isDigit(bytes[at - 1]) && isDigit(bytes[at + 1])) return true;
  return false;
}

/** A block without quotes: only line ends matter, and whether anything stands before them. */
function scanPlain(bytes: Uint8Array, scan: LineScan, begin: () => void): void {
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== NEWLINE) continue;
    const isBlank = i === from || (i === from + 1 && bytes[from] === RETURN);
    if (!scan.inRecord && !isBlank) begin();
    scan.inRecord = false;
    scan.line++;
    from = i + 1;
  }
  const hasRest = from < bytes.length && !(from === bytes.length - 1 && bytes[from] === RETURN);
  if (!scan.inRecord && hasRest) begin();
  scan.previous = bytes[bytes.length - 1]!;
}

function scanQuoted(bytes: Uint8Array, scan: LineScan, begin: () => void): void {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === NEWLINE) {
      scan.line++;
      if (!scan.quoted) scan.inRecord = false;
    } else if (!scan.inRecord && byte !== RETURN) {
      begin();
      scan.quoted = byte === QUOTE;
    } else if (byte === QUOTE && scan.quoted) {
      scan.quoted = false;
      scan.previous = CLOSED;
      continue;
    } else if (byte === QUOTE) scan.quoted = scan.previous === COMMA || scan.previous === CLOSED;
    scan.previous = byte;
  }
}

async function* fileBytes(file: TableFile): AsyncGenerator<Buffer> {
  const raw = createReadStream(file.path, { highWaterMark: 1 << 20 });
  try {
    yield* file.format === "csv.gz" ? raw.pipe(createGunzip({ chunkSize: 1 << 18 })) : raw;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw InputError.of({ where: file.name, rule: `cannot be read to its end (${code ?? "damaged"})` });
  } finally {
    raw.destroy();
  }
}

function createScanner(name: string): { push(text: string): Generator<CsvRecord>; finish(): Generator<CsvRecord> } {
  let rest = "";
  let line = 1;

  /** Cuts complete records off `rest`; a quoted cell may run over many lines. */
  function* cut(last: boolean): Generator<CsvRecord> {
    let from = 0;
    // Looked for once per quote, not once per record: most files have none, and the search runs to the end of them.
    let quote = rest.indexOf('"');
    while (from < rest.length) {
      if (quote >= 0 && quote < from) quote = rest.indexOf('"', from);
      const end = recordEnd(rest, from, quote, last);
      if (end < 0) break;
      const body = rest.slice(from, end > from && rest[end - 1] === "\r" ? end - 1 : end);
      if (body !== "") yield { line, ...splitRecord(body) };
      for (let i = rest.indexOf("\n", from); i >= 0 && i <= end; i = rest.indexOf("\n", i + 1)) line++;
      from = end + 1;
    }
    rest = rest.slice(from);
  }

  return {
    *push(text) {
      rest += text;
      yield* cut(false);
      if (rest.length > LONGEST_RECORD)
        throw InputError.of({
          where: `${name}:${line}`,
          rule: `the record that begins here is longer than ${LONGEST_RECORD} characters: is this a CSV file, and every quote closed?`,
        });
    },
    *finish() {
      yield* cut(true);
    },
  };
}

/**
 * Position of the newline that ends the record at `from`, the text's end when `last`, or -1 when it is not there yet.
 *
 * @param quote position of the first quote not before `from`, -1 = none
 */
function recordEnd(text: string, from: number, quote: number, last: boolean): number {
  let end = text.indexOf("\n", from);
  if (quote >= 0 && (end < 0 || quote < end)) {
    let quoted = false;
    let closedAt = -1;
    for (end = from; end < text.length; end++) {
      // Inside quotes nothing else counts; a quote that is never closed would be walked through with every block.
      if (quoted) end = text.indexOf('"', end);
      if (end < 0) break;
      const letter = text[end];
      if (letter === "\n" && !quoted) break;
      if (letter !== '"') continue;
      if (quoted) closedAt = end;
      quoted = !quoted && (end === from || text[end - 1] === "," || closedAt === end - 1);
    }
    if (end === text.length) end = -1;
  }
  return end < 0 && last ? text.length : end;
}

function splitRecord(body: string): { cells: string[]; malformed: boolean } {
  if (!body.includes('"')) return { cells: body.split(","), malformed: false };
  const cells: string[] = [];
  let malformed = false;
  for (let from = 0; from <= body.length; ) {
    if (body[from] !== '"') {
      const comma = body.indexOf(",", from);
      const end = comma < 0 ? body.length : comma;
      cells.push(body.slice(from, end));
      from = end + 1;
      continue;
    }
    let close = from + 1;
    while (close < body.length && (body[close] !== '"' || body[close + 1] === '"'))
      close += body[close] === '"' ? 2 : 1;
    const comma = body.indexOf(",", close);
    const end = comma < 0 ? body.length : comma;
    if (close >= body.length || end > close + 1) malformed = true;
    cells.push(body.slice(from + 1, close).replaceAll('""', '"'));
    from = end + 1;
  }
  return { cells, malformed };
}
