/** Many rows of another storage, taken in at once: as one by one, and by few statements, whatever their contacts went through. */
import { expect } from "chai";
import fc from "fast-check";
import { FEED_START } from "../../../src/storage/place.js";
import type { ConversationRow, MessageRow, StoredRow } from "../../../src/storage/rows.js";
import { statementsDuring } from "../statements.js";
import { counted } from "./counted.js";
import { openStorageDatabase, ROOMY, type StorageDatabase, stored } from "./storageDatabase.js";

const SEED = Number(process.env["TAKE_SEED"] ?? "20261201");
const RUNS = Number(process.env["TAKE_RUNS"] ?? "12");
const MANY = 2_000;
const MOVES = 8;

const conversation = (contact: string, fields: object = {}): ConversationRow => ({
  ...{ kind: "conversation", contact, profileLocation: "", isHidden: false },
  ...{ updatedMs: 1, movedTo: null, version: 1, ...fields },
});
const message = (id: string, contact: string, version = 1): MessageRow => ({
  ...{ kind: "message", contact, version, ...stored(id) },
  container: `container ${id} of version ${version}`,
});

const contact = fc.constantFrom(..."abcdefghijklmn".split(""));
const version = fc.integer({ min: 1, max: 9 });
const conversations = fc.array(
  fc
    .record({
      ...{ contact, version, movedTo: fc.option(contact), updatedMs: version },
      ...{ isHidden: fc.boolean(), profileLocation: fc.constantFrom("", "here", "there") },
    })
    .map((row) => conversation(row.contact, row)),
  { maxLength: 60 },
);
const messages = fc
  .uniqueArray(fc.record({ contact, version, id: fc.integer({ min: 1, max: 60 }) }), {
    ...{ maxLength: 40, selector: ({ id }) => id },
  })
  .map((rows) => rows.map((row) => message(String(row.id), row.contact, row.version)));

describe("db: many rows of another storage", function () {
  this.timeout(360_000);
  let database: StorageDatabase;
  beforeEach(async () => {
    database = await openStorageDatabase({ ...ROOMY, mostConversations: 100_000 });
  });
  afterEach(() => database.close());

  const take = (account: number, rows: readonly StoredRow[]) =>
    database.feed.take(account, rows, null);
  const stateOf = async (account: number) => {
    const { rows } = await database.feed.changes(account, FEED_START, 1_000);
    return rows
      .map((row) => {
        if (row.kind !== "conversation") return JSON.stringify(row);
        // where it was cut out of a circle or a long chain it has a version of its own
        const { version: ofRow, ...rest } = row;
        return JSON.stringify({ ...rest, version: ofRow > 9 ? "cut" : ofRow });
      })
      .sort();
  };

  it(`are taken in at once as one by one (seed ${SEED})`, async () => {
    const property = fc.asyncProperty(
      ...[fc.tuple(conversations, messages), fc.tuple(conversations, messages)],
      async (...batches) => {
        await database.close();
        database = await openStorageDatabase(ROOMY);
        const [once, single] = [await database.accountOf("alice"), await database.accountOf("bob")];
        for (const rows of batches.map((batch) => batch.flat())) {
          await take(once, rows);
          for (const row of rows) await take(single, [row]);
          expect(await stateOf(once)).to.deep.equal(await stateOf(single));
          await counted(database, once);
        }
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
  });

  const askedBy = async (work: () => Promise<unknown>) => (await statementsDuring(work)).length;

  /** Conversations of which each went into the next, so many times. */
  async function makeChains(account: number): Promise<void> {
    const { conversation: table, account: accounts } = database.tables;
    await database.pool.query(
      `with made as (
         insert into ${table} (account, contact_hash, contact, moved_to, updated, change, version)
         select $1, sha256(convert_to(n || '.' || k, 'UTF8')), n || '.' || k,
           case when k < ${MOVES} then n || '.' || k + 1 end, 1, 1, 1
         from generate_series(1, ${MANY}) n, generate_series(0, ${MOVES}) k
         returning octet_length(contact) as bytes
       )
       update ${accounts} set conversations = (select count(*) from made), bytes = (select sum(bytes) from made)
       where number = $1`,
      [account],
    );
  }

  it("take few statements, though each has another contact, which went on and on", async () => {
    const alice = await database.accountOf("alice");
    await makeChains(alice);
    const numbers = Array.from({ length: MANY }, (_, index) => index + 1);
    const rows = numbers.map((n) => message(String(n), `${n}.0`));
    expect(await askedBy(() => take(alice, rows))).to.be.lessThan(60);
    expect(await database.messages.count(alice, `7.${MOVES}`)).to.equal(1);
    await counted(database, alice);
    expect(await askedBy(() => take(alice, rows))).to.be.lessThan(10);
    // one by one each has another state
    const hidden = numbers.map((n) =>
      conversation(`${n}.${MOVES}`, { isHidden: true, version: 2 }),
    );
    expect(await askedBy(() => take(alice, hidden))).to.be.lessThan(MANY + 60);
    const moves = numbers.map((n) =>
      conversation(`${n}.${MOVES}`, { movedTo: "last", version: 3 }),
    );
    expect(await askedBy(() => take(alice, moves))).to.be.lessThan(3 * MANY + 60);
    expect(await database.messages.count(alice, "last")).to.equal(MANY);
    await counted(database, alice);
  });
});
