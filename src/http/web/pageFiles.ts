/** The files of the page as `npm run build` leaves them in dist/page, compressed once. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { SignpostError } from "../../errors.js";

/** From src and from dist alike. */
const BUILT = new URL("../../../dist/page/", import.meta.url);

type Encoding = "br" | "gzip" | "identity";

export interface PageFile {
  /** Below /lookup; "/" is the page itself. */
  readonly path: string;
  readonly contentType: string;
  readonly bodies: Readonly<Record<Encoding, Buffer>>;
  /** Strong, and of each body its own. */
  readonly etags: Readonly<Record<Encoding, string>>;
}

const FILES = [
  { path: "/", file: "index.html", contentType: "text/html; charset=utf-8" },
  { path: "/page.css", file: "lookup/page.css", contentType: "text/css; charset=utf-8" },
  { path: "/page.js", file: "lookup/page.js", contentType: "text/javascript; charset=utf-8" },
] as const;

/** Throws INVALID_CONFIGURATION where the page was not built. */
export async function readPageFiles(folder = BUILT): Promise<readonly PageFile[]> {
  return Promise.all(
    FILES.map(async ({ path, file, contentType }) => {
      const identity = await read(new URL(file, folder));
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

async function read(file: URL): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The lookup page is not built. Run npm run build, or serve without the capability lookup-page.",
      {},
      { cause },
    );
  }
}
