/** A relay node whose database is restored from a backup that is older than what its clients have seen. */
import { join } from "node:path";
import { expect } from "chai";
import pg from "pg";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { found, keysOf, relayNode } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { openRelayService, type RelayService } from "../http/relay/openRelayService.js";
import { type PostgresServer, startPostgres } from "./postgresServer.js";

const INCOMING = "/delivery/messages/incoming/bob.eth";

describe("faults: a relay node's database that was restored", function () {
  this.timeout(360_000);
  let postgres: PostgresServer;
  let folder: string;
  let keyFile: string;

  before(async () => {
    postgres = await startPostgres();
    folder = await temporaryFolder();
    keyFile = join(folder, "secrets.key");
    await makeKeyFile(keyFile);
  });
  after(async () => {
    await postgres.remove();
    await removeFolder(folder);
  });

  async function ask(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  const start = () => {
    const url = new URL(postgres.url);
    url.pathname = "/live";
    return openRelayService({}, { databaseUrl: url.href, keyFile });
  };

  async function submit(node: RelayService, text: string): Promise<void> {
    const { envelopes } = await encodeMessage(
      { from: "alice.eth", to: "bob.eth", type: "NEW", text, timestampMs: node.clock.nowMs },
      {
        keys: await keysOf(nodeEngine, "alice"),
        receiver: { profile: people.bob.profile, relayNodes: [found(relayNode)] },
      },
    );
    const params = JSON.stringify(envelopes[0]!.envelope);
    expect((await node.rpc("dm3_submitMessage", params)).status).to.equal(200);
  }

  /** What lies behind a cursor, and the cursor behind that. */
  async function behind(node: RelayService, cursor: string) {
    const token = await node.signIn("bob");
    const path = `${INCOMING}?after=${encodeURIComponent(cursor)}`;
    const { status, headers, body } = await node.ask("GET", path, undefined, token);
    expect(status, body).to.equal(200);
    const waiting = JSON.parse(body) as unknown[];
    return { count: waiting.length, cursor: headers.get("signpost-cursor") ?? "" };
  }

  it("has what was accepted before the backup, and no client that is ahead misses what comes later", async () => {
    await ask("create database live");
    let node = await start();
    await node.signIn("bob");
    for (const text of ["one", "two"]) await submit(node, text);
    await node.stop();
    await ask("create database backup template live");

    node = await start();
    for (const text of ["three", "four", "five"]) await submit(node, text);
    const seen = await behind(node, "");
    expect(seen.count).to.equal(5);
    await node.stop();
    await ask("drop database live", "create database live template backup");

    node = await start();
    expect((await behind(node, "")).count).to.equal(2);
    expect(await behind(node, seen.cursor)).to.deep.equal({ count: 0, cursor: seen.cursor });
    let { cursor } = seen;
    for (const text of ["six", "seven", "eight", "nine"]) {
      await submit(node, text);
      const more = await behind(node, cursor);
      expect(more.count, text).to.equal(1);
      ({ cursor } = more);
    }
    // a sender who asks again whether it was accepted has it accepted now
    expect((await behind(node, "")).count).to.equal(6);
    expect(node.failures.map(({ message }) => message)).to.deep.equal([]);
    await node.stop();
  });
});
