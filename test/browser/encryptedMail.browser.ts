/** The codec for encrypted mail in a real Chromium, under a strict policy: keys and reading in the page, writing in a worker. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build } from "esbuild";
import { MailUser, newText } from "../codecs/openpgp-mime/mailUser.js";
import { type Chromium, startChromium } from "./chromium.js";

const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'";

describe("encrypted mail in Chromium", () => {
  let chromium: Chromium;
  let server: Server;
  let port: number;
  let bob: MailUser;

  before(async () => {
    bob = await MailUser.make("bob@mail.test");
    const certificate = JSON.stringify(Array.from(bob.certificate));
    const scripts = new Map([
      ["/page.js", await bundled(PAGE.replace("CERTIFICATE", certificate))],
      ["/worker.js", await bundled(WORKER)],
    ]);
    server = createServer((request, response) => {
      const script = scripts.get(request.url ?? "");
      response.setHeader("content-type", script === undefined ? "text/html" : "text/javascript");
      response.setHeader("content-security-policy", POLICY);
      response.end(script ?? '<!doctype html><title>wait</title><script src="/page.js"></script>');
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
    chromium = await startChromium();
  });
  after(async () => {
    await chromium.close();
    server.close();
  });

  it("is written in a worker, and read in the page and by Node", async () => {
    const page = await chromium.context.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    // asked from outside: what waits in the page is a string of code, which the policy forbids
    while ((await page.title()) === "wait") await delay(50);
    const { content, mail, error } = JSON.parse(await page.title()) as {
      readonly content: unknown;
      readonly mail: readonly number[];
      readonly error?: string;
    };
    expect(error).to.equal(undefined);
    expect(content).to.deep.equal(newText("Grüße"));
    const read = await bob.read(Uint8Array.from(mail));
    expect(read.content).to.deep.equal(newText("Grüße"));
    expect(read.signer.is).to.equal("new");
  });
});

const WORKER = `
import { serveMailWorker } from "./src/sdk/openpgpMime.ts";
serveMailWorker(self);
`;

/** Runs in the page; what came of it becomes the page's title. */
const PAGE = `
import { decodeMail, mailWorker, makeMailKey, newMessageId } from "./src/sdk/openpgpMime.ts";
async function main() {
  const { encodeMail } = mailWorker(new Worker("/worker.js"));
  const address = "carol.eth@mail.test";
  const { privateKey, certificate } = await makeMailKey({ address });
  const write = (to, certificates) => encodeMail({
    from: address, to: [to], dateMs: Date.now(),
    messageId: newMessageId(crypto.getRandomValues(new Uint8Array(16)), "mail.test"),
    content: { type: "NEW", text: "Grüße", files: [] },
  }, { privateKey, certificates });
  const { content } = await decodeMail(await write(address, [certificate]), {
    privateKeys: [privateKey], ownAddresses: [address],
    senders: { ofAddress: async () => [certificate], isKnown: async () => true },
  });
  const mail = await write("bob@mail.test", [new Uint8Array(CERTIFICATE)]);
  return { content, mail: Array.from(mail) };
}
main().then((result) => { document.title = JSON.stringify(result); },
  (error) => { document.title = JSON.stringify({ error: String(error) }); });
`;

async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("../../", import.meta.url)) },
    ...{ bundle: true, format: "iife", platform: "browser", target: "es2022", write: false },
    logLevel: "error",
  } as const);
  return new TextDecoder().decode(outputFiles[0]?.contents);
}
