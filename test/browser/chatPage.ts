/** The page of chatProgram.ts on an origin of its own, with the SDK's entry as it was built, under a strict policy. */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { MessengerOptions } from "../../src/sdk/messages.js";
import { type LoopbackServer, serve } from "../lookup/loopbackServer.js";

/** What the page is about. */
export interface ChatFacts {
  readonly name: string;
  /** Whom it writes to. */
  readonly contact: string;
  /** base64 */
  readonly storageKey: string;
  readonly options: Omit<MessengerOptions, "name" | "keys">;
}

export interface ChatBundle {
  /** By name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src blob: data:"],
  ...["connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*"],
  "require-trusted-types-for 'script'",
].join("; ");
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript",
  css: "text/css",
  json: "application/json",
};

export async function bundleChat(): Promise<ChatBundle> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "test/browser/chatProgram.ts")],
    outdir: ROOT,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "error",
    plugins: [
      {
        name: "built",
        setup: (bundler) => {
          bundler.onResolve({ filter: /\/src\/sdk\// }, ({ path }) => ({
            path: join(ROOT, "dist/sdk", basename(path)),
          }));
        },
      },
    ],
  });
  return { files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])) };
}

export function serveChat({ files }: ChatBundle, facts: ChatFacts): Promise<LoopbackServer> {
  return serve((request, response) => {
    const name = request.url?.slice(1) ?? "";
    response.setHeader("content-security-policy", POLICY);
    response.setHeader("content-type", TYPES[name.split(".").at(-1) ?? ""] ?? "text/html");
    if (name === "facts.json") response.end(JSON.stringify(facts));
    else if (name === "chat.css") response.end(STYLE);
    else if (name === "") response.end(PAGE);
    else response.writeHead(files.has(name) ? 200 : 404).end(files.get(name));
  });
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Chat</title>
<link rel="stylesheet" href="/chat.css">
<link rel="icon" href="data:,">
<h1></h1>
<ol id="messages"></ol>
<form>
  <input name="text" aria-label="Message">
  <input type="file" name="picture" aria-label="Picture">
  <button>Send</button>
</form>
<ul id="problems"></ul>
<script type="module" src="/chatProgram.js"></script>
</html>`;

const STYLE = `
body { font: 16px/1.5 sans-serif; max-width: 40rem; margin: 2rem auto; color: #1c2733 }
h1 { font-size: 1.2rem }
ol, ul { list-style: none; padding: 0; display: flex; flex-direction: column; gap: 0.6rem }
#messages li { padding: 0.5rem 0.8rem; border-radius: 0.8rem; max-width: 75% }
.mine { align-self: flex-end; background: #d6eaff }
.theirs { align-self: flex-start; background: #eceff2 }
#messages li::after { content: attr(data-state) " " attr(data-by); display: block; font-size: 0.75rem; color: #4d5b69 }
.problem { color: #8a1c1c; font-size: 0.8rem }
img { display: block; margin-top: 0.4rem; max-width: 100% }
form { display: flex; gap: 0.5rem }
`;
