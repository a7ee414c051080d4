#!/usr/bin/env node
// Plain JavaScript that any Node can parse: an older one must get one clear line, not a syntax error.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    "ballast: needs Node 24 or newer, this is " +
      process.versions.node +
      "; start it with `npx ballast` in the project, which brings its own\n",
  );
  process.exit(2);
} else {
  import("../dist/cli/main.js")
    .then((cli) => cli.main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    });
}
