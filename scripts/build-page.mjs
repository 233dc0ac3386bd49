// npm run build:page: the pages as static files below dist, for the service. The lookup page, in dist/page, anybody can host elsewhere.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** By the folder in src/web: where it is built, and the folder that its document asks for its own files in. */
const PAGES = {
  "lookup-page": { built: "page", path: "lookup" },
  "admin-page": { built: "admin-page", path: "admin" },
};

/** The SDK's entry exports everything; of our own files, only what a page uses is bundled. */
const ownFilesHaveNoSideEffects = {
  name: "own files have no side effects",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\./ }, ({ path, kind, importer, resolveDir }) => {
      if (kind !== "import-statement" || !importer.startsWith(join(ROOT, "src/"))) return undefined;
      return { path: join(resolveDir, path.replace(/\.js$/, ".ts")), sideEffects: false };
    });
  },
};

for (const [page, { built, path }] of Object.entries(PAGES)) {
  const source = join(ROOT, "src/web", page);
  const folder = join(ROOT, "dist", built);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, path), { recursive: true });
  copyFileSync(join(source, "page.html"), join(folder, "index.html"));
  for (const file of ["ts", "css"]) {
    await build({
      entryPoints: [join(source, `page.${file}`)],
      outfile: join(folder, path, `page.${file === "ts" ? "js" : file}`),
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
    for (const file of ["index.html", `${path}/page.css`, `${path}/page.js`]) {
      const bytes = readFileSync(join(folder, file));
      const gzip = gzipSync(bytes, { level: 9 }).length;
      console.log(`${built}/${file}: ${bytes.length} bytes, ${gzip} gzip`);
    }
  }
}
