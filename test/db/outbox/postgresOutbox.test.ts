import { expect } from "chai";
import { raised } from "../../../src/sending/outgoingMessage.js";
import { holdsTheContract, sample } from "../../sending/outboxContract.js";
import { statementsDuring } from "../statements.js";
import { openOutboxDatabase, type OutboxDatabase } from "./outboxDatabase.js";

describe("db/outbox", () => {
  let database: OutboxDatabase;

  before(async () => {
    database = await openOutboxDatabase();
  });
  after(() => database.close());

  holdsTheContract("in Postgres", async () => {
    await database.pool.query(`truncate ${database.schema}.outgoing_message`);
    return database.outbox;
  });

  it("keeps one ciphertext, however many relay nodes get it", async () => {
    const { outbox, pool, schema } = database;
    const encrypted = "0x" + "ab".repeat(10_000);
    const envelopes = Object.fromEntries(
      Array.from({ length: 16 }, (_, node) => [
        `node${node}.eth`,
        {
          ...{ nodeKey: "", hashField: "messageHash" as const },
          envelope: { message: node === 7 ? "0xcd" : encrypted, metadata: {} as never },
        },
      ]),
    );
    const keys = { messageHash: "0x01", receiverKey: "", senderKey: "" } as const;
    const message = { ...sample("wide"), sealed: { ...keys, encrypted, envelopes } };
    await outbox.add(message);
    expect((await outbox.get("wide"))?.sealed).to.deep.equal(message.sealed);
    const text = `select length(progress) as length from ${schema}.outgoing_message where id = 'wide'`;
    const { rows } = await pool.query<{ length: number }>(text);
    expect(rows[0]?.length).to.be.below(25_000);
  });

  it("keeps what is said sealed, and only as long as it is on its way", async () => {
    const { outbox, pool, schema } = database;
    await outbox.add(sample("sealed"));
    const rows = async () =>
      (
        await pool.query<{ given: Buffer | null; text: string }>(
          `select given, m::text from ${schema}.outgoing_message m where id = 'sealed'`,
        )
      ).rows;
    const [waiting] = await rows();
    expect(waiting!.given!.length).to.be.above(30);
    const dump = waiting!.text + waiting!.given!.toString("latin1");
    expect(dump).not.to.include("a secret");
    const [lease] = await outbox.lease({ nowMs: Date.now(), leaseMs: 1_000 }, 1);
    expect(lease!.message.given).to.include({ text: "a secret" });
    await outbox.raise("sealed", "delivered");
    expect((await rows())[0]!.given).to.equal(null);
  });

  it("writes how far a message is in one statement", async () => {
    const { outbox } = database;
    await outbox.add(sample("quick"));
    const time = { nowMs: Date.now(), leaseMs: 5_000 };
    const [lease] = await outbox.lease(time, 1);
    const asked = await statementsDuring(async () => {
      const waiting = { ...lease!.message, failedLookups: 1 };
      expect(await outbox.write(lease!, waiting, time)).to.include({ failedLookups: 1 });
      await outbox.write(lease!, raised(waiting, "accepted"), null);
    });
    expect(asked).to.have.length(2);
    expect(await outbox.get("quick")).to.include({ state: "accepted", dueMs: null });
    expect(await outbox.write({ ...lease!, fence: 0 }, lease!.message, null)).to.equal(null);
  });
});
