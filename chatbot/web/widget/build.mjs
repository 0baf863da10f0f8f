// Builds dist/widget.js: one minified file whose first line names a hash of everything it was made from.
// Knows nothing of what the widget does.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";

const here = new URL("./", import.meta.url);
const read = (name) => readFileSync(new URL(name, here));

/** What tests/chatbot/web/test_widget.py computes as well: the name and the bytes of each source, in order. */
function fingerprint() {
  const sources = readdirSync(new URL("src/", here)).sort().map((name) => `src/${name}`);
  const hash = createHash("sha256");
  for (const name of ["build.mjs", "package-lock.json", "package.json", ...sources, "tsconfig.json"]) {
    hash.update(name).update("\0").update(read(name)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

/** Style sheets as minified text, for constructable style sheets. */
const sheets = {
  name: "sheets",
  setup(made) {
    made.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target: "es2022" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** Templates without the line breaks that only lay out the source: none of them stands between words. */
const templates = {
  name: "templates",
  setup(made) {
    made.onLoad({ filter: /src\/view-[a-z]+\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replace(/\n\s+(?=[a-z@?.]+=|>)/g, " ")
        .replace(/([>}])\n\s+(?=<|\$\{)/g, "$1"),
      loader: "ts",
    }));
  },
};

const made = await build({
  absWorkingDir: new URL(".", here).pathname,
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  outfile: "dist/widget.js",
  metafile: true,
  plugins: [sheets, templates],
  banner: { js: `/*! Aisle · sources ${fingerprint()} · with Lit and eventsource-parser: LICENSES.txt */` },
});
// What esbuild leaves: names and branches that a second look finds, some 4 % of the packed file.
const { code } = await minify(read("dist/widget.js").toString(), {
  compress: { ecma: 2022, passes: 3, toplevel: true, unsafe_arrows: true, unsafe_methods: true, pure_getters: true, keep_fargs: false },
  mangle: { toplevel: true },
  format: { comments: /^!/ },
});
writeFileSync(new URL("dist/widget.js", here), `${code}\n`);
const bytes = read("dist/widget.js");
console.log(`dist/widget.js: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzip`);
if (process.argv.includes("--what")) {
  const inputs = Object.values(made.metafile.outputs)[0].inputs;
  for (const [name, { bytesInOutput }] of Object.entries(inputs).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput)) {
    console.log(String(bytesInOutput).padStart(7), name);
  }
}
