/** The built page on somebody else's host, which serves files and no headers of ours. */
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { type LoopbackServer, serve } from "../lookup/loopbackServer.js";

const BUILT = new URL("../../dist/page/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
};

export function servePageAlone(below: string): Promise<LoopbackServer> {
  return serve((request, response) => {
    const path = request.url?.slice(below.length) ?? "";
    const file = path === "" ? "index.html" : path;
    readFile(new URL(file, BUILT)).then(
      (content) => {
        response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "" }).end(content);
      },
      () => {
        response.writeHead(404).end();
      },
    );
  });
}
