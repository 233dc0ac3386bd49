import { expect } from "chai";
import { carriedOutbox } from "../../../src/db/messaging/carriedOutbox.js";
import { passageStore } from "../../../src/db/messaging/passageStore.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { parseNativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import type { Secrets } from "../../../src/sealing/secrets.js";
import type { Outbox } from "../../../src/sending/outbox.js";
import { raised } from "../../../src/sending/outgoingMessage.js";
import { openRelayDatabase, type RelayDatabase } from "../relay/relayDatabase.js";
import { statementsDuring } from "../statements.js";
import { type MessagingStores, messagingStores } from "./messagingDatabase.js";
import { newSubmission } from "./newSubmission.js";

const BOB = parseNativeAddress("bob@mail.test", "mail");
const ALICE = "alice.eth" as NormalName;
const [ONE, OTHER, THIRD] = ["ab".repeat(32), "cd".repeat(32), "ef".repeat(32)] as const;
const PASSAGE = { digest: "01".repeat(32), firstMs: 1_000, head: "Message-ID: <a@mail.test>" };
const LATER_MS = 4_000_000_000_000;

describe("db/messaging: what is submitted", () => {
  let database: RelayDatabase;
  let stores: MessagingStores;
  let outbox: Outbox;
  beforeEach(async () => {
    database = await openRelayDatabase();
    stores = await messagingStores(database, "mail");
    // nothing in these messages is sealed
    const secrets = null as unknown as Secrets;
    outbox = carriedOutbox(database.pool, stores.outboxSchema, stores.tables, secrets);
  });
  afterEach(() => database.close());

  const add = (hash: string, change: Parameters<typeof newSubmission>[3] = {}) =>
    stores.submissions.addSubmission(newSubmission(BOB, hash, ALICE, change));
  const leasable = async () =>
    (await outbox.lease({ nowMs: Date.now() + 1, leaseMs: 60_000 }, 9)).map(
      ({ message }) => message.id,
    );
  const open = async () =>
    (await stores.submissions.openSubmissions(LATER_MS, null, 9)).map(({ hash }) => hash);

  it("is open and in the outbox, in one statement, where whoever looks first has it", async () => {
    const asked = await statementsDuring(async () => {
      expect(await add(ONE)).to.deep.equal({ is: "kept", fence: null });
    });
    expect(asked).to.have.length(1);
    expect(await open()).to.deep.equal([ONE]);
    expect(await leasable()).to.deep.equal([`bob@mail.test/${ONE}`]);
    expect(await add(ONE)).to.deep.equal({ is: "known" });
  });

  it("is nobody else's while its lease lasts, and written by whoever has that", async () => {
    const given = newSubmission(BOB, ONE, ALICE, { leaseMs: 60_000 });
    const added = await stores.submissions.addSubmission(given);
    expect(added).to.deep.equal({ is: "kept", fence: 1 });
    expect(await leasable()).to.deep.equal([]);
    const lease = { message: given.message, fence: 1 };
    expect(await outbox.write(lease, { ...given.message, failedLookups: 1 }, null)).to.include({
      failedLookups: 1,
    });
    expect(await leasable()).to.have.length(1);
  });

  it("goes to somebody else when its lease is over", async () => {
    await add(ONE, { leaseMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [lease] = await outbox.lease({ nowMs: Date.now(), leaseMs: 60_000 }, 9);
    expect(lease?.fence).to.equal(2);
  });

  it("is forgotten in the statement that writes that it arrived, and not where the lease is another's", async () => {
    const given = newSubmission(BOB, ONE, ALICE, { leaseMs: 60_000 });
    await stores.submissions.addSubmission(given);
    const arrived = raised(given.message, "accepted");
    expect(await outbox.write({ message: given.message, fence: 0 }, arrived, null)).to.equal(null);
    expect(await open()).to.deep.equal([ONE]);
    const asked = await statementsDuring(async () => {
      const kept = await outbox.write({ message: given.message, fence: 1 }, arrived, null);
      expect(kept).to.deep.equal(arrived);
    });
    expect(asked).to.have.length(1);
    expect(await open()).to.deep.equal([]);
    expect(await outbox.get(given.message.id)).to.include({ state: "accepted", dueMs: null });
  });

  it("stays open where it was refused, for its user to be told", async () => {
    const given = newSubmission(BOB, ONE, ALICE, { leaseMs: 60_000 });
    await stores.submissions.addSubmission(given);
    const why = { reason: "unwanted", sentence: "No." } as const;
    await outbox.write({ ...given, fence: 1 }, raised(given.message, "refused", why), null);
    expect(await open()).to.deep.equal([ONE]);
  });

  describe("from a network that has something else", () => {
    const passages = () => passageStore(database.pool, stores.tables);
    const key = { from: BOB, to: ALICE, digest: PASSAGE.digest };

    const fillShareOfSender = () =>
      database.pool.query(
        `insert into ${stores.tables.submission} (native, hash, receiver)
         select 'bob@mail.test', sha256(n::text::bytea), 'alice.eth' from generate_series(1, 1000) n`,
      );

    it("is kept once, however often the network delivers it", async () => {
      const asked = await statementsDuring(async () => {
        expect(await add(ONE, { passage: PASSAGE })).to.deep.equal({ is: "kept", fence: null });
      });
      expect(asked).to.have.length(1);
      const again = { ...PASSAGE, firstMs: 2_000 };
      const before = { is: "noted", firstMs: 1_000, isKept: true };
      expect(await add(OTHER, { passage: again })).to.deep.equal(before);
      expect(await add(OTHER, { passage: PASSAGE })).to.deep.equal(before);
      expect(await open()).to.deep.equal([ONE]);
      expect(await leasable()).to.deep.equal([`bob@mail.test/${ONE}`]);
      expect(await passages().isKept(key)).to.equal(true);
      expect(await passages().headOf(ONE)).to.equal(PASSAGE.head);
    });

    it("is kept once where it comes twice at the same moment", async () => {
      const both = await Promise.all(
        [ONE, OTHER, THIRD].map((hash, at) =>
          add(hash, { passage: { ...PASSAGE, firstMs: 1_000 + at } }),
        ),
      );
      expect(both.filter(({ is }) => is === "kept")).to.have.length(1);
      expect(await open()).to.have.length(1);
      expect(await leasable()).to.have.length(1);
    });

    it("has the time at which it came first, where it was noted and not kept", async () => {
      await passages().noteTold(key, 500);
      const passage = { ...PASSAGE, firstMs: 1_000 };
      expect(await add(ONE, { passage })).to.deep.equal({
        ...{ is: "noted", firstMs: 500, isKept: false },
      });
      expect(await open()).to.deep.equal([]);
      const first = { ...PASSAGE, firstMs: 500 };
      expect(await add(ONE, { passage: first })).to.deep.equal({ is: "kept", fence: null });
    });

    it("is known as kept where a share is taken since", async () => {
      await add(ONE, { passage: PASSAGE });
      await fillShareOfSender();
      const again = { ...PASSAGE, firstMs: 2_000 };
      expect(await add(OTHER, { passage: again })).to.deep.equal({
        ...{ is: "noted", firstMs: 1_000, isKept: true },
      });
      const other = { ...PASSAGE, digest: "02".repeat(32) };
      expect(await add(OTHER, { passage: other })).to.deep.equal({ is: "full", share: "sender" });
    });

    it("leaves nothing of it where a share is taken", async () => {
      await fillShareOfSender();
      expect(await add(ONE, { passage: PASSAGE })).to.deep.equal({ is: "full", share: "sender" });
      expect(await passages().isKept(key)).to.equal(false);
      expect(await leasable()).to.deep.equal([]);
    });
  });
});
