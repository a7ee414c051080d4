import { describe, expect, test } from "vitest";
import { forgivingCache } from "../../src/experiment/forgiving-cache.ts";
import { NO_CACHE, type StageCache } from "../../src/experiment/stage-cache.ts";

const fault = (code: string, path = "c") => Object.assign(new Error(`${code}: a fault`), { code, path });

/** Fails as told, from the third call of each kind on. */
function failing(read: string | null, write: string | null): StageCache & { readonly calls: string[] } {
  const calls: string[] = [];
  const call = (kind: string, code: string | null) => {
    calls.push(kind);
    if (code !== null && calls.filter((each) => each === kind).length > 2) throw fault(code);
  };
  return {
    calls,
    read(key) {
      call("read", read);
      return key === "known" ? 1 : undefined;
    },
    write: () => call("write", write),
    warnings: () => ["something of its own"],
  };
}

function use(inner: StageCache) {
  const cache = forgivingCache(inner);
  const got = Array.from({ length: 4 }, (_, i) => {
    cache.write("k", i);
    return cache.read(i === 0 ? "other" : "known");
  });
  return { cache, got };
}

describe("a forgiving cache", () => {
  test("counts what it found and what it took, and passes on what the cache says", () => {
    const { cache, got } = use(failing(null, null));
    expect(got).toEqual([undefined, 1, 1, 1]);
    expect(cache.counts()).toEqual({ hits: 3, written: 4, lost: 0 });
    expect(cache.warnings()).toEqual(["something of its own"]);
  });

  test("after a write that failed it writes no more, and reads on", () => {
    const inner = failing(null, "ENOSPC");
    const { cache, got } = use(inner);
    expect(got).toEqual([undefined, 1, 1, 1]);
    expect(inner.calls.filter((kind) => kind === "write")).toHaveLength(3);
    expect(cache.counts()).toEqual({ hits: 3, written: 2, lost: 2 });
    expect(cache.warnings()[0]).toBe(
      "the cache cannot be written, c: the disk is full: it keeps the first 2 results of this run only",
    );
  });

  test("what cannot be read is absent", () => {
    const { cache, got } = use(failing("EIO", null));
    expect(got).toEqual([undefined, 1, undefined, undefined]);
    expect(cache.counts()).toEqual({ hits: 1, written: 4, lost: 0 });
    expect(cache.warnings()[0]).toBe(
      "the cache cannot be read, c: the disk does not answer: what is in it is computed again",
    );
  });

  test("one fault of both is one warning", () => {
    expect(use(failing("EACCES", "EACCES")).cache.warnings()).toEqual([
      "the cache cannot be used, c: permission denied: nothing is taken from it, nothing kept in it",
      "something of its own",
    ]);
  });

  test("without a cache there is nothing to count", () => {
    const { cache } = use(NO_CACHE);
    expect([cache.counts(), cache.warnings()]).toEqual([{ hits: 0, written: 0, lost: 0 }, []]);
  });

  test("a defect is no fault of the system", () => {
    expect(() => use(failing(null, "ERR_INVALID_ARG_TYPE"))).toThrow("a fault");
  });
});
