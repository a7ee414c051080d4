/** Plain JSON of results: snake_case keys, typed arrays as lists, NaN as null. */

/** Any value made of objects, arrays, typed arrays and scalars; functions and undefined are dropped. */
export function jsonForm(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, jsonForm);
  if (Array.isArray(value)) return value.map(jsonForm);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && typeof member !== "function")
      .map(([key, member]) => [snakeCase(key), jsonForm(member)]),
  );
}

function snakeCase(key: string): string {
  return /^[a-z][A-Za-z0-9]*$/.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
}
