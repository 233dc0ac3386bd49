/** Live connections and mailboxes with much in them: nothing of it waits in memory for clients that do not read. */
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import { digestFrom } from "../../src/abi/digest.js";
import { relayTablesWanted } from "../../src/capabilities/relay/migrations.js";
import { migrate } from "../../src/db/migrate.js";
import { openPool } from "../../src/db/pool.js";
import { mailboxStore } from "../../src/db/relay/mailboxStore.js";
import { relayTables } from "../../src/db/relay/relayTables.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { openRelayService, type RelayService } from "../http/relay/openRelayService.js";
import { ALICE, BOB } from "../relay/relayWorld.js";

const MESSAGES = 400;
const BODY = "x".repeat(90_000);
const MIB = 1024 * 1024;

describe("http: live connections and a mailbox of 36 MB", function () {
  this.timeout(180_000);
  let node: RelayService;
  let database: Awaited<ReturnType<typeof openScratchDatabase>>;
  let token: string;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    database = await openScratchDatabase();
    node = await openRelayService({}, { databaseUrl: database.url });
    token = await node.signIn("bob");
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect();
    await node.stop();
    await database.close();
  });

  async function listen(): Promise<Socket> {
    const auth = { account: { ensName: "bob.eth" }, token };
    const options = { transports: ["websocket"], reconnection: false, forceNew: true };
    const socket = io(node.service.url, { ...options, auth });
    sockets.push(socket);
    await new Promise((resolve) => socket.once("authorized", resolve));
    return socket;
  }

  async function fillMailbox(): Promise<void> {
    const pool = openPool({ url: database.url, maxConnections: 2 });
    const { schema } = await migrate(pool, await relayTablesWanted());
    const bounds = { mostMessages: 10_000, mostBytes: 1_000 * MIB };
    const mailboxes = mailboxStore(pool, relayTables(schema), bounds);
    for (let index = 0; index < MESSAGES; index++) {
      const claimedHash = digestFrom(new Uint8Array(32));
      new DataView(claimedHash.buffer).setUint32(0, index);
      const kept = await mailboxes.keep({
        ...{ account: BOB, sender: ALICE, claimedHash, bodyHash: claimedHash },
        ...{ senderName: "alice.eth" as NormalName, senderDomain: "*.alice.eth" },
        envelope: JSON.stringify({ index, message: BODY }),
      });
      expect(kept.kind).to.equal("kept");
    }
    await pool.end();
  }

  it("hold some of it for each client that does not read", async () => {
    const before = heldBytes();
    for (let count = 0; count < 32; count++) pause(await listen());
    await fillMailbox();
    await delay(4_000);
    // it was 390 without a bound on each
    expect((heldBytes() - before) / MIB).to.be.below(250);
  });

  it("hand it over as it is read, in order and without a gap", async () => {
    await fillMailbox();
    const received: number[] = [];
    const startedMs = performance.now();
    const socket = await listen();
    socket.on("message", ({ index }: { readonly index: number }) => received.push(index));
    while (received.length < MESSAGES && performance.now() - startedMs < 20_000) await delay(10);
    expect(received).to.deep.equal(Array.from({ length: MESSAGES }, (_, index) => index));
  });
});

/** Reads nothing more from the network. */
function pause(socket: Socket): void {
  const { ws } = socket.io.engine.transport as unknown as { ws: { pause(): void } };
  ws.pause();
}

/** What is left when nobody can use it any more has been given back. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}
