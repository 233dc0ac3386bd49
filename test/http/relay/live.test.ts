/** Live delivery, to the client library that dm3's apps use. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import { decodeBase64 } from "../../../src/dm3/base64.js";
import { signText } from "../../../src/dm3/keys/ed25519.js";
import { encodeMessage } from "../../../src/dm3/message/encodeMessage.js";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { found, keysOf, relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { BOB, personOf, somebody } from "../../relay/relayWorld.js";
import envelopes from "../../vectors/envelopes.json" with { type: "json" };
import { openRelayService, type RelayService } from "./openRelayService.js";

interface Served {
  readonly message: string;
  readonly metadata: { readonly deliveryInformation: { readonly from: string } };
  readonly postmark: string;
}

interface Client {
  readonly socket: Socket;
  readonly received: Served[];
  /** "connect", "authorized", "disconnect", or why it was refused. */
  readonly events: string[];
}

describe("http: live delivery of the relay node", () => {
  let node: RelayService;
  const clients: Client[] = [];
  beforeEach(async () => {
    node = await openRelayService();
  });
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.disconnect();
    await node.stop();
  });

  /** Connects, and waits until it is let in or refused. */
  async function listen(auth: object, transports = ["websocket"]): Promise<Client> {
    const socket = io(node.service.url, { transports, auth, reconnection: false, forceNew: true });
    const client: Client = { socket, received: [], events: [] };
    clients.push(client);
    socket.on("message", (envelope: Served) => client.received.push(envelope));
    socket.on("connect", () => client.events.push("connect"));
    socket.on("disconnect", () => client.events.push("disconnect"));
    socket.on("authorized", () => client.events.push("authorized"));
    socket.on("connect_error", ({ message }) => client.events.push(message));
    await until(
      () => client.events.includes("authorized") || /check|error/.test(client.events.join()),
    );
    return client;
  }
  const asBob = (token: string, rest: object = {}) => ({
    ...{ account: { ensName: "bob.eth" }, token },
    ...rest,
  });

  async function until(isTrue: () => boolean, what = "what was waited for"): Promise<void> {
    for (let waitedMs = 0; !isTrue(); waitedMs += 10) {
      if (waitedMs > 8_000) throw new Error(`${what} did not happen`);
      await delay(10);
    }
  }

  async function write(text: string): Promise<unknown> {
    const keys = await keysOf(nodeEngine, "alice");
    const receiver = { profile: people.bob.profile, relayNodes: [found(relayNode)] };
    const message = {
      from: "alice.eth",
      to: "bob.eth",
      type: "NEW",
      text,
      timestampMs: 1,
    } as const;
    return (await encodeMessage(message, { keys, receiver })).envelopes[0]!.envelope;
  }
  const send = async (text: string) => node.rpc("dm3_submitMessage", await write(text));

  it("reaches every connection of an account, by WebSocket and by polling, and no other account", async () => {
    const token = await node.signIn("bob");
    const both = [await listen(asBob(token)), await listen(asBob(token), ["polling"])];
    const alice = await listen({
      ...{ account: { ensName: "alice.eth" }, token: await node.signIn("alice") },
    });
    await send("one");
    await until(() => both.every(({ received }) => received.length === 1), "delivery");
    for (const { received, events } of both) {
      expect(events).to.deep.equal(["connect", "authorized"]);
      expect(Object.keys(received[0]!).sort()).to.deep.equal(["message", "metadata", "postmark"]);
      expect(received[0]!.metadata.deliveryInformation.from).to.equal("alice.eth");
    }
    expect(alice.received).to.deep.equal([]);
  });

  it("goes on where a client was: by its cursor, or behind what live connections had", async () => {
    const token = await node.signIn("bob");
    const first = await listen(asBob(token));
    await send("one");
    await until(() => first.received.length === 1);
    first.socket.disconnect();
    await delay(100);
    await send("two");
    const second = await listen(asBob(token));
    await until(() => second.received.length === 1, "what came meanwhile");
    const start = Buffer.from("1:0").toString("base64");
    const third = await listen(asBob(token, { after: start }));
    await until(() => third.received.length === 2, "everything behind the cursor");
    await delay(100);
    expect([second.received.length, third.received.length]).to.deep.equal([1, 2]);
  });

  it("takes messages, and answers as the reference does", async () => {
    const token = await node.signIn("bob");
    const { socket, received } = await listen(asBob(token));
    const submit = async (envelop: unknown) =>
      (await socket.timeout(5_000).emitWithAck("submitMessage", { envelop, token })) as object;
    expect(await submit(await write("over the socket"))).to.deep.equal({ response: "success" });
    await until(() => received.length === 1);
    expect(await submit({})).to.deep.include({ error: "invalid schema" });
    expect(await submit("{")).to.deep.include({ error: "Error parsing envelop" });
    for (const data of [null, 1, "x", [], {}]) {
      const answer = (await socket.timeout(5_000).emitWithAck("submitMessage", data)) as object;
      expect(answer).to.deep.include({ error: "Envelop missing" });
    }
    socket.emit("submitMessage");
    socket.emit("somethingElse", { a: 1 });
    await send("still here");
    await until(() => received.length === 2);
    expect(node.failures).to.deep.equal([]);
    const metrics = await (await fetch(node.service.metricsUrl)).text();
    expect(metrics).to.match(/signpost_relay_submits_total\{result="ENVELOPE_MALFORMED"\} 1\n/);
    expect(metrics).to.match(/signpost_relay_live_connections [1-9]/);
  });

  it("refuses whoever has no token, in the reference's words", async () => {
    await node.signIn("bob");
    const alices = await node.signIn("alice");
    for (const auth of [
      {},
      asBob("x"),
      asBob(alices),
      { token: alices },
      { account: null, token: 1 },
    ]) {
      const { events } = await listen(auth);
      expect(events).to.deep.equal(["check token has failed for WS"]);
    }
    expect(node.failures).to.deep.equal([]);
  });

  it("neither closes nor refuses a connection because its token ran out", async () => {
    const token = await node.signIn("bob");
    const open = await listen(asBob(token));
    node.clock.nowMs += 29 * 86_400_000;
    const late = await listen(asBob(token));
    await send("after a month");
    await until(() => open.received.length + late.received.length === 2);
    node.clock.nowMs += 2 * 86_400_000;
    const tooLate = await listen(asBob(token));
    expect(tooLate.events).to.deep.equal(["check token has failed for WS"]);
  });

  it("ends connections with a key that changed, and hands them nothing more", async () => {
    const token = await node.signIn("bob");
    const old = await listen(asBob(token));
    const moved = await somebody("bob.eth", 0x51);
    node.names.persons.set("bob.eth", { ...personOf(moved), address: BOB });
    node.clock.nowMs += 61_000;
    await send("for the new key");
    await until(() => old.events.includes("disconnect"), "the end");
    expect(old.received).to.deep.equal([]);
  });

  it("stays silent for a name that was sold", async () => {
    const token = await node.signIn("bob");
    await node.signIn("mallory");
    const former = await listen(asBob(token));
    node.names.persons.set("bob.eth", node.names.persons.get("mallory.eth")!);
    node.clock.nowMs += 61_000;
    expect((await send("for the new owner")).status).to.equal(200);
    await delay(1_500);
    expect(former.received).to.deep.equal([]);
  });

  it("ends what listens by a stranger's sign-up, once the owner has signed in", async () => {
    const stranger = await listen(asBob(await node.signUp("bob")));
    const owner = await listen(asBob(await node.signIn("bob")));
    await send("for the owner");
    await until(() => owner.received.length === 1);
    await until(() => stranger.events.includes("disconnect"));
    expect(stranger.received).to.deep.equal([]);
  });

  it("lets a client listen while ENS does not answer, and hands over nothing until it does", async () => {
    const token = await node.signIn("bob");
    node.clock.nowMs += 61_000;
    node.names.answers = false;
    const client = await listen(asBob(token));
    expect(client.events).to.deep.equal(["connect", "authorized"]);
    node.names.answers = true;
    await send("when it answers again");
    await until(() => client.received.length === 1);
  });
});

describe("http: two processes of a relay node on one database", () => {
  it("have the same keys, keep a message once, and reach whoever listens to the other one", async () => {
    const database = await openScratchDatabase();
    const folder = await temporaryFolder();
    const keyFile = join(folder, "secrets.key");
    await makeKeyFile(keyFile);
    const beside = { databaseUrl: database.url, keyFile };
    const [one, two] = await Promise.all([
      openRelayService({}, beside),
      openRelayService({}, beside),
    ]);
    try {
      const token = await one.signIn("bob");
      const fetched = await two.ask("GET", "/delivery/messages/incoming/bob.eth", undefined, token);
      expect(fetched.status).to.equal(200);
      const received: unknown[] = [];
      const auth = { account: { ensName: "bob.eth" }, token };
      const socket = io(two.service.url, { transports: ["websocket"], auth, forceNew: true });
      socket.on("message", (envelope) => received.push(envelope));
      await new Promise((resolve) => socket.once("authorized", resolve));
      const { encryptedEnvelop } = envelopes.simple;
      const both = await Promise.all(
        [one, two].map((node) => node.rpc("dm3_submitMessage", encryptedEnvelop)),
      );
      expect(both.map(({ status }) => status)).to.deep.equal([200, 200]);
      await one.rpc("dm3_submitMessage", envelopes.withAttachments.encryptedEnvelop);
      for (let waited = 0; received.length < 2 && waited < 500; waited++) await delay(10);
      await delay(100);
      expect(received).to.have.length(2);
      socket.disconnect();
    } finally {
      await Promise.all([one.stop(), two.stop()]);
      await database.close();
      await removeFolder(folder);
    }
  });
});

describe("http: live connections that nobody signs in for", () => {
  it("are counted by network from the beginning, and end when no token comes", async () => {
    const node = await openRelayService({}, { trustedProxies: parseTrustedProxies("127.0.0.1") });
    try {
      const open = async (network: string) => {
        const response = await fetch(`${node.service.url}/socket.io/?EIO=4&transport=polling`, {
          headers: { "x-forwarded-for": network },
        });
        return { status: response.status, body: await response.text() };
      };
      const first = await open("192.0.2.7");
      const { sid } = JSON.parse(first.body.slice(1)) as { readonly sid: string };
      let left = 5_999;
      const openAll = async () => {
        while (left-- > 0) expect((await open("192.0.2.7")).status).to.equal(200);
      };
      await Promise.all(Array.from({ length: 16 }, openAll));
      expect((await open("192.0.2.7")).status).to.equal(429);
      expect((await open("192.0.2.8")).status).to.equal(200);
      const poll = `${node.service.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
      for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 500) {
        if ((await fetch(poll)).status === 400) return;
        await delay(500);
      }
      throw new Error("It did not end.");
    } finally {
      await node.stop();
    }
  }).timeout(60_000);
});

describe("http: live connections of dm3's client, which never listens to its second one", () => {
  it("go on by a sign-up's token where the owner signed in from the same network, and end elsewhere", async () => {
    const node = await openRelayService({}, { trustedProxies: parseTrustedProxies("127.0.0.1") });
    const sockets: Socket[] = [];
    try {
      const token = await node.signUp("bob");
      const listen = async (network: string) => {
        const received: unknown[] = [];
        const socket = io(node.service.url, {
          ...{ transports: ["websocket"], forceNew: true, reconnection: false },
          auth: { account: { ensName: "bob.eth" }, token },
          extraHeaders: { "x-forwarded-for": network },
        });
        sockets.push(socket);
        socket.on("message", (envelope) => received.push(envelope));
        await new Promise((resolve) => socket.once("authorized", resolve));
        return { socket, received };
      };
      const own = await listen("192.0.2.7");
      const strangers = await listen("192.0.2.8");
      const ended = new Promise((resolve) => strangers.socket.once("disconnect", resolve));

      const challenge = JSON.parse((await node.ask("GET", "/auth/bob.eth")).body) as string;
      const key = decodeBase64(people.bob.keys.signingKeyPair.privateKey);
      const answer = await fetch(`${node.url}/auth/bob.eth`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-for": "192.0.2.7" },
        body: JSON.stringify({ challenge, signature: signText(key, challenge) }),
      });
      expect(answer.status).to.equal(200);
      await node.rpc("dm3_submitMessage", envelopes.simple.encryptedEnvelop);
      await ended;
      for (let waited = 0; own.received.length < 1 && waited < 500; waited++) await delay(10);
      expect([own.received.length, strangers.received.length]).to.deep.equal([1, 0]);
    } finally {
      for (const socket of sockets) socket.disconnect();
      await node.stop();
    }
  });
});
