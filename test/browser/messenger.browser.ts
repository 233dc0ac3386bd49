/**
 * Two people in a real Chromium, each with a page on an origin of its own, who write to one another through two relay nodes:
 * live, with a picture and receipts, and also when one of the nodes is away.
 */
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { crc32, deflateSync } from "node:zlib";
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { DemoWorld } from "../../src/demo/demoWorld.js";
import { encodeBase64 } from "../../src/dm3/base64.js";
import { startTestWorld } from "../e2e/testWorld.js";
import type { LoopbackServer } from "../lookup/loopbackServer.js";
import { bundleChat, type ChatBundle, serveChat } from "./chatPage.js";
import { type Chromium, startChromium } from "./chromium.js";
import { type OpenPage, openPage } from "./lookupPage.js";

/** For people to look at after a run. */
const SCREENSHOTS = join(tmpdir(), "signpost-messenger");
const PICTURE = { width: 200, height: 120 };
/** A push takes some milliseconds; a look into the mailbox would come after ten minutes. */
const SOON = { timeout: 15_000 };

describe("a messenger in a browser", function () {
  this.timeout(360_000);
  let world: DemoWorld;
  let bundle: ChatBundle;
  let chromium: Chromium;
  const servers: LoopbackServer[] = [];
  let alice: OpenPage;
  let bob: OpenPage;

  before(async () => {
    chromium = await startChromium();
    bundle = await bundleChat();
    world = await startTestWorld({ withRelayNodes: true });
    await mkdir(SCREENSHOTS, { recursive: true });
    [alice, bob] = await Promise.all([open(0, 1), open(1, 0)]);
  });
  after(async () => {
    await chromium.close();
    for (const server of servers) await server.close();
    await world.stop();
  });

  async function open(who: number, contact: number): Promise<OpenPage> {
    const { chain, ens, people } = world;
    const server = await serveChat(bundle, {
      name: people[who]!.name,
      contact: people[contact]!.name,
      storageKey: encodeBase64(people[who]!.keys.signingKeyPair.privateKey.subarray(0, 32)),
      options: {
        rpc: chain.rpcUrl,
        ensRegistry: ens.registry,
        universalResolver: ens.universalResolver,
        allowLoopback: true,
        patience: { unreachableFirstMs: 100 },
      },
    });
    servers.push(server);
    // signed in and listening at both nodes, when each has said so on its own connection
    const authorized = new Set<string>();
    const before = (page: Page) => {
      page.on("websocket", (socket) => {
        socket.on("framereceived", ({ payload }) => {
          if (String(payload).includes('"authorized"')) authorized.add(socket.url());
        });
      });
      return Promise.resolve();
    };
    const opened = await openPage(chromium.context, server.url, { before });
    while (authorized.size < world.relayNodes.length) await delay(20);
    return opened;
  }

  async function write(from: OpenPage, text: string, picture?: Buffer): Promise<void> {
    await from.page.getByLabel("Message").fill(text);
    if (picture !== undefined) {
      const file = { name: "noise.png", mimeType: "image/png", buffer: picture };
      await from.page.getByLabel("Picture").setInputFiles(file);
    }
    await from.page.getByRole("button", { name: "Send" }).click();
  }

  const lineOf = ({ page }: OpenPage, text: string, state?: string) =>
    page.locator(`#messages li${state === undefined ? "" : `[data-state*="${state}"]`}`, {
      hasText: text,
    });
  const look = ({ page }: OpenPage, name: string) =>
    page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });

  it("brings a message live, and the receipts back", async () => {
    await write(alice, "Hello Bob");
    await lineOf(bob, "Hello Bob", "from alice.users.example.eth, 7 checks").waitFor(SOON);
    const sent = lineOf(alice, "Hello Bob", "read");
    await sent.waitFor(SOON);
    expect(await sent.getAttribute("data-by")).to.equal(world.relayNodes[0]!.name);
    await write(bob, "Hello Alice");
    await lineOf(alice, "Hello Alice").waitFor(SOON);
    await lineOf(bob, "Hello Alice", "read").waitFor(SOON);
  });

  it("brings a picture by the place that a relay node has for such", async () => {
    await write(alice, "Look", noise(PICTURE));
    const picture = lineOf(bob, "Look").locator("img");
    await picture.waitFor(SOON);
    const size = await picture.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return { width: image.naturalWidth, height: image.naturalHeight };
    });
    expect(size).to.deep.equal(PICTURE);
    const [first] = world.relayNodes;
    expect(alice.requests).to.include(`POST ${first!.profile.url}/blobs`);
    const fetched = bob.requests.filter((request) => request.includes("/blobs/"));
    expect(fetched).to.have.length(1);
    expect(fetched[0]).to.match(new RegExp(`^GET ${first!.profile.url}/blobs/[0-9a-f]{64}$`));
  });

  it("goes on when a relay node is away, and when it comes back", async () => {
    const [first, second] = world.relayNodes;
    await first!.stop();
    await write(alice, "One of them is away");
    await lineOf(bob, "One of them is away").waitFor(SOON);
    const sent = lineOf(alice, "One of them is away", "read");
    await sent.waitFor(SOON);
    expect(await sent.getAttribute("data-by")).to.equal(second!.name);
    await look(alice, "alice-one-away");
    await first!.startAgain();
    await write(alice, "It is back");
    await lineOf(bob, "It is back").waitFor(SOON);
    const after = lineOf(alice, "It is back", "read");
    await after.waitFor(SOON);
    expect(await after.getAttribute("data-by")).to.equal(first!.name);
  });

  it("shows each message once, in order, and broke no rule of the page's", async () => {
    const texts = ({ page }: OpenPage) => page.locator("#messages li").allInnerTexts();
    const all = ["Hello Bob", "Hello Alice", "Look", "One of them is away", "It is back"];
    expect((await texts(bob)).map((text) => text.split("\n")[0])).to.deep.equal(all);
    expect((await texts(alice)).map((text) => text.split("\n")[0])).to.deep.equal(all);
    for (const [name, open] of Object.entries({ alice, bob })) {
      await look(open, name);
      expect(await open.policyViolations(), name).to.deep.equal([]);
      expect(open.errors, name).to.deep.equal([]);
    }
  });

  it("loaded nothing of what only older browsers need", () => {
    const part = [...bundle.files.keys()].find((name) => name.startsWith("nobleEngine"));
    expect(part).to.be.a("string");
    for (const { requests } of [alice, bob]) {
      expect(requests.filter((request) => request.includes("nobleEngine"))).to.deep.equal([]);
    }
  });
});

/** A PNG of random pixels, which does not compress: in base64 longer than what goes into an envelope. */
function noise({ width, height }: typeof PICTURE): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
  const rows = Array.from({ length: height }, () => {
    const pixels = crypto.getRandomValues(new Uint8Array(3 * width));
    return Buffer.concat([Buffer.of(0), pixels]);
  });
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    ...[signature, chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows)))],
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
