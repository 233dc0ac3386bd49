// npm run build:page: the lookup page as static files in dist/page, for the service and for whoever hosts it elsewhere.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCE = join(ROOT, "src/web/lookup-page");
const BUILT = join(ROOT, "dist/page");
const FILES = join(BUILT, "lookup");

/** The SDK's entry exports everything; of our own files, only what the page uses is bundled. */
const ownFilesHaveNoSideEffects = {
  name: "own files have no side effects",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\./ }, ({ path, kind, importer, resolveDir }) => {
      if (kind !== "import-statement" || !importer.startsWith(join(ROOT, "src/"))) return undefined;
      return { path: join(resolveDir, path.replace(/\.js$/, ".ts")), sideEffects: false };
    });
  },
};

rmSync(BUILT, { recursive: true, force: true });
mkdirSync(FILES, { recursive: true });
copyFileSync(join(SOURCE, "page.html"), join(BUILT, "index.html"));
for (const file of ["ts", "css"]) {
  await build({
    entryPoints: [join(SOURCE, `page.${file}`)],
    outfile: join(FILES, `page.${file === "ts" ? "js" : file}`),
    bundle: true,
    minify: true,
    format: file === "ts" ? "iife" : undefined,
    target: ["es2022", "chrome105", "firefox105", "safari16"],
    legalComments: "eof",
    plugins: [ownFilesHaveNoSideEffects],
    logLevel: "warning",
  });
}

if (process.argv.includes("--sizes")) {
  for (const file of ["index.html", "lookup/page.css", "lookup/page.js"]) {
    const bytes = readFileSync(join(BUILT, file));
    console.log(`${file}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzip`);
  }
}
