/** A built page on somebody's host, which serves files and no headers of ours. */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LoopbackServer, serve } from "../lookup/loopbackServer.js";

export const LOOKUP_PAGE = fileURLToPath(new URL("../../dist/page/", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
};

export function serveFiles(folder: string, below = "/"): Promise<LoopbackServer> {
  return serve((request, response) => {
    const path = request.url?.slice(below.length) ?? "";
    const file = path === "" ? "index.html" : path;
    readFile(join(folder, file)).then(
      (content) => {
        response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "" }).end(content);
      },
      () => {
        response.writeHead(404).end();
      },
    );
  });
}
