/** Expected failures are values: a method that cannot answer says why, and its caller decides. */
export type Result<T, E = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: E };

export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

export function fail<E>(reason: E): Result<never, E> {
  return { ok: false, reason };
}
