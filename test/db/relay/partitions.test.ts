/** The table of messages in partitions, as docs/operations/relay-node.md makes them. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { digestFrom } from "../../../src/abi/digest.js";
import { type Address, addressFrom } from "../../../src/ens/address.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { bytes } from "../sampleNames.js";
import { openRelayDatabase, type RelayDatabase } from "./relayDatabase.js";

const PAGE = new URL("../../../docs/operations/relay-node.md", import.meta.url);
const SIGNED = {
  profile: { publicEncryptionKey: "e", publicSigningKey: "s", deliveryServices: ["ds.eth"] },
  signature: "0x",
};
const ACCOUNTS = [1, 2, 3, 4, 5, 6].map((seed) => addressFrom(bytes(20, seed)));

describe("db/relay: messages in partitions", () => {
  let database: RelayDatabase;
  before(async () => {
    database = await openRelayDatabase();
    for (const address of ACCOUNTS) {
      await database.accounts.putAccount({ address, name: null, signed: SIGNED });
    }
  });
  after(() => database.close());

  const keep = (account: Address, hash: number) =>
    database.mailboxes().keep({
      account,
      sender: addressFrom(bytes(20, 99)),
      senderName: "alice.eth" as NormalName,
      senderDomain: "alice.eth",
      claimedHash: digestFrom(bytes(32, hash)),
      bodyHash: digestFrom(bytes(32, 1)),
      envelope: `{"hash":${hash}}`,
    });

  it("keep, hand over, acknowledge, expire and forget as before", async () => {
    for (const account of ACCOUNTS) await keep(account, 1);
    const { pool, tables } = database;
    const page = await readFile(PAGE, "utf8");
    const sql = /<!-- partitions -->\n\n```sql\n([^]*?)```/.exec(page)![1]!;
    const schema = tables.message.replace(/\.[^.]*$/, "");
    const client = await pool.connect();
    await client.query(`set search_path = ${schema}`);
    await client.query(sql);
    await client.query("reset search_path");
    client.release();

    const mailboxes = database.mailboxes();
    for (const account of ACCOUNTS) {
      expect((await keep(account, 1)).kind, "what was kept before").to.equal("known");
      expect((await keep(account, 2)).kind).to.equal("kept");
      const waiting = await mailboxes.waiting(account);
      expect(waiting.map((text) => JSON.parse(text) as object)).to.deep.equal([
        { hash: 2 },
        { hash: 1 },
      ]);
      const claimedHash = digestFrom(bytes(32, 1));
      expect(
        await mailboxes.acknowledge(account, [{ senderName: "alice.eth", claimedHash }]),
      ).to.equal(1);
      expect(await mailboxes.waitingInOrder(account, 0, 10)).to.have.length(1);
    }
    const { rows } = await pool.query<{ part: string }>(
      `select distinct tableoid::regclass::text as part from ${tables.message}`,
    );
    expect(rows.length).to.be.above(1);
    const laterMs = Date.now() + 60_000;
    expect(await database.retention.expire(laterMs, 100)).to.equal(ACCOUNTS.length);
    expect(await database.retention.forget(laterMs, 100)).to.equal(2 * ACCOUNTS.length);
  });
});
