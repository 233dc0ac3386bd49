/** The files of a page as `npm run build` leaves them below dist, compressed once. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { SignpostError } from "../../errors.js";
import type { Page } from "./page.js";

/** From src and from dist alike. */
const BUILT = new URL("../../../dist/", import.meta.url);

type Encoding = "br" | "gzip" | "identity";

export interface PageFile {
  /** Below the page's path; "/" is the page itself. */
  readonly path: string;
  readonly contentType: string;
  readonly bodies: Readonly<Record<Encoding, Buffer>>;
  /** Strong, and of each body its own. */
  readonly etags: Readonly<Record<Encoding, string>>;
}

const filesOf = ({ path: folder }: Page) =>
  [
    { path: "/", file: "index.html", contentType: "text/html; charset=utf-8" },
    { path: "/page.css", file: `${folder}/page.css`, contentType: "text/css; charset=utf-8" },
    { path: "/page.js", file: `${folder}/page.js`, contentType: "text/javascript; charset=utf-8" },
  ] as const;

/** Throws INVALID_CONFIGURATION where the page was not built. */
export async function readPageFiles(
  page: Page,
  folder = new URL(`${page.built}/`, BUILT),
): Promise<readonly PageFile[]> {
  return Promise.all(
    filesOf(page).map(async ({ path, file, contentType }) => {
      const identity = await read(page, new URL(file, folder));
      const [br, gzipped] = await Promise.all([
        promisify(brotliCompress)(identity),
        promisify(gzip)(identity),
      ]);
      const digest = createHash("sha256").update(identity).digest("base64url");
      return {
        path,
        contentType,
        bodies: { br, gzip: gzipped, identity },
        etags: { br: `"${digest}-br"`, gzip: `"${digest}-gzip"`, identity: `"${digest}"` },
      };
    }),
  );
}

async function read({ title, capability }: Page, file: URL): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The ${title} is not built. Run npm run build, or serve without the capability ${capability}.`,
      {},
      { cause },
    );
  }
}
