/** Messages in a real Chromium: written there and read by Node, and the other way round, under a strict policy. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build } from "esbuild";
import { decodeMessage } from "../../src/dm3/message/decodeMessage.js";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import type { Envelope } from "../../src/dm3/message/envelope.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { bobReads, found, keysOf, relayNode } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { type Chromium, PUBLIC_HOST, startChromium } from "./chromium.js";

interface Result {
  readonly hasSubtle: boolean;
  /** Whether signing answers later, as WebCrypto does. */
  readonly isWebCrypto: boolean;
  readonly read: string;
  readonly envelope: Envelope;
}

const given = {
  type: "NEW",
  text: "Hello Bob",
  from: "alice.eth",
  to: "bob.eth",
  timestampMs: 1,
} as const;
const POLICY = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'";

describe("messages in Chromium", () => {
  let chromium: Chromium;
  let server: Server;
  let port: number;

  before(async () => {
    const receiver = { profile: people.bob.profile, relayNodes: [found(relayNode)] };
    const keys = await keysOf(nodeEngine, "alice");
    const { envelopes } = await encodeMessage(given, { keys, receiver });
    const facts = {
      given,
      receiver,
      alice: people.alice,
      bob: people.bob,
      envelope: envelopes[0]!.envelope,
    };
    const script = await bundled(PROGRAM.replace("FACTS", JSON.stringify(facts)));
    server = createServer((request, response) => {
      const isScript = request.url === "/page.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.setHeader("content-security-policy", POLICY);
      response.end(
        isScript ? script : '<!doctype html><title>wait</title><script src="/page.js"></script>',
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
    chromium = await startChromium();
  });
  after(async () => {
    await chromium.close();
    server.close();
  });

  for (const [host, hasSubtle] of [
    ["127.0.0.1", true],
    // a page without https has no WebCrypto but its random bytes
    [PUBLIC_HOST, false],
  ] as const) {
    it(`are written and read ${hasSubtle ? "by WebCrypto" : "by JavaScript alone"}`, async () => {
      const page = await chromium.context.newPage();
      await page.goto(`http://${host}:${port}/`);
      await page.waitForFunction('document.title !== "wait"');
      const result = JSON.parse(await page.title()) as Result;
      expect(result).to.include({ hasSubtle, isWebCrypto: hasSubtle, read: "Hello Bob" });
      const { content, checks } = await decodeMessage(result.envelope, await bobReads(nodeEngine));
      expect(content).to.deep.equal({ type: "NEW", text: "Hello Bob" });
      expect(checks).to.include("metadataSignature");
    });
  }
});

/** Runs in the page; what came of it becomes the page's title. */
const PROGRAM = `
import { decodeMessage, encodeMessage, openMessageKeys } from "./src/sdk/messages.ts";
const { given, receiver, alice, bob, envelope } = FACTS;
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const pair = ({ publicKey, privateKey }) => ({ publicKey: bytes(publicKey), privateKey: bytes(privateKey) });
const open = ({ keys }) => openMessageKeys({
  encryptionKeyPair: pair(keys.encryptionKeyPair),
  signingKeyPair: pair(keys.signingKeyPair),
});
async function main() {
  const keys = await open(alice);
  const { content } = await decodeMessage(envelope, {
    keys: await open(bob), ownNames: ["bob.eth"], contactOf: () => alice,
  });
  const { envelopes } = await encodeMessage(given, { keys, receiver });
  return {
    hasSubtle: crypto.subtle !== undefined,
    isWebCrypto: keys.signingKey.sign(new Uint8Array(1)) instanceof Promise,
    read: content.text,
    envelope: envelopes[0].envelope,
  };
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
