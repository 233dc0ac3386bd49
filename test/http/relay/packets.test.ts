/** What comes over live connections and is no message: it is counted, and little of it is read. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { openRelayService, type RelayService } from "./openRelayService.js";

const NETWORK = "192.0.2.7";
const REFUSALS = 600;

describe("http: packets over live connections of the relay node", function () {
  this.timeout(180_000);
  let node: RelayService;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    node = await openRelayService({}, { trustedProxies: parseTrustedProxies("127.0.0.1") });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect();
    await node.stop();
  });

  async function until(isTrue: () => boolean): Promise<void> {
    for (let waitedMs = 0; !isTrue(); waitedMs += 10) {
      if (waitedMs > 20_000) throw new Error("It did not happen.");
      await delay(10);
    }
  }

  async function signedIn(): Promise<Socket> {
    const socket = io(node.service.url, {
      ...{ transports: ["websocket"], forceNew: true, reconnection: false },
      auth: { account: { ensName: "bob.eth" }, token: await node.signIn("bob") },
      extraHeaders: { "x-forwarded-for": NETWORK },
    });
    sockets.push(socket);
    await new Promise((resolve) => socket.once("authorized", resolve));
    return socket;
  }

  /** A connection of somebody without a token, by polling, which is a request for each packet. */
  async function strange(): Promise<(packet: string, network?: string) => Promise<number>> {
    const url = `${node.service.url}/socket.io/?EIO=4&transport=polling`;
    const headers = { "x-forwarded-for": NETWORK };
    const opened = await (await fetch(url, { headers })).text();
    const { sid } = JSON.parse(opened.slice(1)) as { readonly sid: string };
    return async (body, network = NETWORK) => {
      const options = { method: "POST", body, headers: { "x-forwarded-for": network } };
      return (await fetch(`${url}&sid=${sid}`, options)).status;
    };
  }

  it("ends a connection of somebody known that says something else again and again", async () => {
    const socket = await signedIn();
    for (let index = 0; index < REFUSALS; index++) socket.emit("somethingElse", index);
    expect(await socket.timeout(10_000).emitWithAck("submitMessage", {})).to.include.keys("error");
    expect(socket.connected).to.equal(true);
    for (let index = 0; index < REFUSALS; index++) socket.emit("somethingElse", index);
    await until(() => !socket.connected);
    expect(node.failures).to.deep.equal([]);
  });

  it("counts messages that come while too many are under way", async () => {
    const socket = await signedIn();
    for (let index = 0; index < 3 * REFUSALS; index++) socket.emit("submitMessage", {});
    await until(() => !socket.connected);
  });

  it("ends connections that send bytes, known or not", async () => {
    const socket = await signedIn();
    socket.emit("submitMessage", new Uint8Array(100));
    await until(() => !socket.connected);
    const send = await strange();
    expect(await send("bAAAA")).to.equal(200);
    expect(await send("40{}")).to.equal(400);
  });

  it("reads from a stranger what a token takes, and no more", async () => {
    const short = await strange();
    expect(await short(`40${JSON.stringify({ token: "x".repeat(16_000) })}`)).to.equal(200);
    expect(await short("40{}")).to.equal(200);
    const long = await strange();
    expect(await long(`40${JSON.stringify({ token: "x".repeat(17_000) })}`)).to.equal(200);
    expect(await long("40{}")).to.equal(400);
  });

  it("counts each packet of strangers, and each request of a connection", async () => {
    const send = await strange();
    // several packets in one request
    const many = Array.from({ length: 200 }, () => '40{"token":"x"}').join("\x1e");
    for (let sent = 0; sent < 40; sent++) if ((await send(many)) !== 200) break;
    expect(await send("40{}")).to.be.oneOf([400, 429]);
    const open = async (network: string) => {
      const url = `${node.service.url}/socket.io/?EIO=4&transport=polling`;
      return (await fetch(url, { headers: { "x-forwarded-for": network } })).status;
    };
    expect(await open(NETWORK)).to.equal(429);
    expect(await open("192.0.2.8")).to.equal(200);
  });
});
