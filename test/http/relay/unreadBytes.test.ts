/** How much of packets that are not whole yet the relay node holds, of strangers and of those it knows. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { openRelayService, type RelayService } from "./openRelayService.js";

const PART = Buffer.alloc(16_384, "x");
/** Of a frame; socket.io takes a million. */
const FRAME_BYTES = 900_000;
const MOST_OF_STRANGER = 65_536;

describe("http: packets that come in parts", function () {
  this.timeout(180_000);
  let node: RelayService;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    node = await openRelayService({}, { trustedProxies: parseTrustedProxies("127.0.0.1") });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await node.stop();
    expect(node.failures).to.deep.equal([]);
  });

  async function connected(head: string): Promise<Socket> {
    const { hostname, port } = new URL(node.service.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    sockets.push(socket);
    await once(socket, "connect");
    socket.write(`${head}\r\nhost: relay\r\n`);
    return socket;
  }

  /** A WebSocket (RFC 6455) from a network, with all that engine.io has said so far. */
  async function webSocket(network: string, sid = ""): Promise<Socket> {
    const socket = await connected(`GET /socket.io/?EIO=4&transport=websocket${sid} HTTP/1.1`);
    const key = Buffer.alloc(16).toString("base64");
    socket.write(
      `x-forwarded-for: ${network}\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
        `sec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString("latin1")).to.match(/^HTTP\/1\.1 101 /);
    return socket;
  }

  /** Masked by zeros, which leave it as it is. */
  function frame(text: string): Buffer {
    return Buffer.concat([head(text.length), Buffer.from(text)]);
  }
  function head(length: number): Buffer {
    const bytes = Buffer.alloc(14);
    bytes[0] = 0x81;
    bytes[1] = 0x80 | 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
    return bytes;
  }

  /** Sends part by part, slowly, and returns how much went before the connection ended, or `most`. */
  async function sendParts(socket: Socket, part: Buffer, most: number): Promise<number> {
    let sent = 0;
    while (sent < most && !socket.destroyed) {
      socket.write(part);
      sent += PART.length;
      await delay(5);
    }
    return sent;
  }
  const ended = (socket: Socket) =>
    socket.destroyed ? Promise.resolve() : once(socket.resume(), "close");

  it("ends a stranger's WebSocket with a long frame before much of it is held", async () => {
    const socket = await webSocket("192.0.2.7");
    socket.write(head(FRAME_BYTES));
    const sent = await sendParts(socket, PART, FRAME_BYTES - PART.length);
    await ended(socket);
    expect(sent).to.be.lessThan(2 * MOST_OF_STRANGER + PART.length);
  });

  it("ends one that was a connection by polling before", async () => {
    const url = `${node.service.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(url)).text();
    const { sid } = JSON.parse(opened.slice(1)) as { readonly sid: string };
    const socket = await webSocket("192.0.2.7", `&sid=${sid}`);
    socket.write(frame("2probe"));
    socket.write(head(FRAME_BYTES));
    const sent = await sendParts(socket, PART, FRAME_BYTES - PART.length);
    await ended(socket);
    expect(sent).to.be.lessThan(2 * MOST_OF_STRANGER + PART.length);
  });

  it("ends a stranger's request by polling that tells no length", async () => {
    const url = `/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(node.service.url + url)).text();
    const { sid } = JSON.parse(opened.slice(1)) as { readonly sid: string };
    const socket = await connected(`POST ${url}&sid=${sid} HTTP/1.1`);
    socket.write("transfer-encoding: chunked\r\n\r\n");
    const chunk = Buffer.concat([Buffer.from("4000\r\n"), PART, Buffer.from("\r\n")]);
    const sent = await sendParts(socket, chunk, FRAME_BYTES);
    await ended(socket);
    expect(sent).to.be.lessThan(2 * MOST_OF_STRANGER + PART.length);
  });

  /** A WebSocket of bob's, let in. */
  async function known(network: string, token: string): Promise<Socket> {
    const socket = await webSocket(network);
    const auth = { account: { ensName: "bob.eth" }, token };
    socket.write(frame(`40${JSON.stringify(auth)}`));
    let said = "";
    socket.on("data", (chunk: Buffer) => (said += chunk.toString("latin1")));
    while (!said.includes("authorized")) await delay(5);
    return socket;
  }

  it("takes a long frame of somebody known, and shares what they hold among networks", async () => {
    const token = await node.signIn("bob");
    const begin = (socket: Socket) => {
      socket.write(head(FRAME_BYTES));
      for (let sent = 0; sent < FRAME_BYTES - PART.length; sent += PART.length) socket.write(PART);
    };
    const flooding: Socket[] = [];
    // an account has 32 connections at most, all of them together half of what there is
    for (let index = 0; index < 24; index++) flooding.push(await known("192.0.2.7", token));
    const other = await known("192.0.2.8", token);
    for (const socket of flooding) begin(socket);
    while (!flooding.some(({ destroyed }) => destroyed)) await delay(10);
    begin(other);
    await delay(300);
    expect(other.destroyed).to.equal(false);
    other.write(Buffer.alloc(2 * PART.length, "x"));
    expect(flooding.filter(({ destroyed }) => !destroyed).length).to.be.greaterThan(10);
  });
});
