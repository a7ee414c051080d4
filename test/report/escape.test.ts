import { describe, expect, it } from "vitest";
import { escapeHtml, scriptJson, scriptSource } from "../../src/report/escape.ts";

describe("escapeHtml", () => {
  it("leaves no sign that could open a tag, an entity or leave an attribute", () => {
    expect(escapeHtml(`<b a="1" c='2'>&`)).toBe("&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
  });

  it("shows control characters instead of passing them on", () => {
    expect(escapeHtml("a\u0000b\u001bc\td\ne")).toBe("a\ufffdb\ufffdc\td\ne");
  });
});

describe("script contents", () => {
  it("cannot end their element", () => {
    const json = scriptJson({ name: "</script><script>alert(1)</script><!--" });
    expect(json).not.toContain("<");
    expect(JSON.parse(json)).toEqual({ name: "</script><script>alert(1)</script><!--" });
    expect(scriptSource('"</script><!--</SCRIPT"')).toBe('"<\\/script>\\x3c!--<\\/SCRIPT"');
  });

  it("write NaN as null", () => {
    expect(scriptJson([Number.NaN, 1])).toBe("[null,1]");
  });
});
