#!/usr/bin/env node
// Plain JavaScript that any Node can parse: an older one must get one clear line, not a syntax error.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    "ballast: needs Node 24 or newer, this is " +
      process.versions.node +
      "; install that, or in a checkout of ballast run `npm ci` and `npx ballast`, which bring their own\n",
  );
  process.exit(2);
} else {
  import("../dist/cli/start.js").catch((error) => {
    const unbuilt = error.code === "ERR_MODULE_NOT_FOUND" && String(error.message).includes("start.js");
    process.stderr.write(unbuilt ? "ballast: is not built, run `npm run build`\n" : `${String(error.stack)}\n`);
    process.exitCode = 1;
  });
}
