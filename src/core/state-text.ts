/** Plain state as JSON text and back, to the bit: typed arrays keep their kind, NaN, the infinities and -0 survive. */

const ARRAYS = { Float64Array, Int32Array, Uint32Array, Uint8Array, Int8Array, Float32Array } as const;
type ArrayKind = keyof typeof ARRAYS;

const TAG = "$array";
/** Numbers JSON cannot say. */
const SPOKEN = new Map<string, number>([
  ["#NaN", Number.NaN],
  ["#Infinity", Number.POSITIVE_INFINITY],
  ["#-Infinity", Number.NEGATIVE_INFINITY],
  ["#-0", -0],
]);

/**
 * @param state null, booleans, numbers, strings, arrays, plain objects and typed arrays of these kinds, in any depth
 * @throws TypeError for anything else, a string that begins with "#" or a key "$array" included
 */
export function stateText(state: unknown): string {
  return JSON.stringify(encode(state), null, 1);
}

/** @throws SyntaxError when the text is no JSON, TypeError when it was not written by stateText */
export function stateFromText(text: string): unknown {
  return decode(JSON.parse(text) as unknown);
}

function encode(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "string") {
    if (value.startsWith("#")) throw new TypeError(`state: a string may not begin with "#", got ${value}`);
    return value;
  }
  if (Array.isArray(value)) return value.map(encode);
  if (ArrayBuffer.isView(value)) {
    const kind = value.constructor.name;
    if (!Object.hasOwn(ARRAYS, kind)) throw new TypeError(`state: cannot keep a ${kind}`);
    return { [TAG]: kind, values: Array.from(value as unknown as ArrayLike<number>, encodeNumber) };
  }
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    throw new TypeError(`state: must be plain data, got ${typeof value}`);
  if (Object.hasOwn(value, TAG)) throw new TypeError(`state: a key may not be ${TAG}`);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, encode(member)]));
}

function encodeNumber(value: number): number | string {
  if (Object.is(value, -0)) return "#-0";
  return Number.isFinite(value) ? value : `#${value}`;
}

function decode(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("#") ? decodeNumber(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  const members = value as Readonly<Record<string, unknown>>;
  const kind = members[TAG];
  if (kind === undefined)
    return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, decode(member)]));
  if (typeof kind !== "string" || !Object.hasOwn(ARRAYS, kind) || !Array.isArray(members.values))
    throw new TypeError(`state: ${String(kind)} is no kind of array`);
  return ARRAYS[kind as ArrayKind].from(members.values.map(decodeNumber));
}

function decodeNumber(value: unknown): number {
  const found = typeof value === "number" ? value : SPOKEN.get(String(value));
  if (found === undefined) throw new TypeError(`state: ${String(value)} is no number`);
  return found;
}
