import { expect } from "chai";
import { activeComponent } from "../../../src/db/messaging/activeComponent.js";
import { submissionStore } from "../../../src/db/messaging/submissionStore.js";
import { addressFrom } from "../../../src/ens/address.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import {
  type NativeAddress,
  parseNativeAddress,
} from "../../../src/messaging/address/nativeAddress.js";
import type { Link } from "../../../src/messaging/store.js";
import { openRelayDatabase, type RelayDatabase } from "../relay/relayDatabase.js";
import { bytes } from "../sampleNames.js";
import { type MessagingStores, messagingStores } from "./messagingDatabase.js";
import { addTo } from "./newSubmission.js";

const native = (text: string) => parseNativeAddress(text, "xmpp");
const BOB = native("bob@chat.example");
const CAROL = native("carol@chat.example");
const ALICE = "alice.eth" as NormalName;

const link = (change: Partial<Link> = {}): Link => ({
  native: BOB,
  account: addressFrom(bytes(20, 1)),
  name: "bob.eth" as NormalName,
  signedAtSec: 100,
  ...change,
});

describe("db/messaging", () => {
  let database: RelayDatabase;
  let stores: MessagingStores;
  beforeEach(async () => {
    database = await openRelayDatabase();
    stores = await messagingStores(database);
  });
  afterEach(() => database.close());

  describe("links", () => {
    it("are found by either side, and end", async () => {
      const { links } = stores;
      expect(await links.linkOf(BOB)).to.equal(null);
      expect(await links.putLink(link())).to.equal("new");
      expect(await links.linkOf(BOB)).to.deep.equal(link());
      expect(await links.linkOfAccount(link().account)).to.deep.equal(link());
      expect(await links.removeLink(BOB)).to.deep.equal(link());
      expect(await links.removeLink(BOB)).to.equal(null);
      expect(await links.linkOfAccount(link().account)).to.equal(null);
    });

    it("give an address one account, and an account one address", async () => {
      const { links } = stores;
      await links.putLink(link());
      const other = link({ account: addressFrom(bytes(20, 2)) });
      expect(await links.putLink(other)).to.equal("new");
      expect(await links.linkOfAccount(link().account)).to.equal(null);
      const moved = link({ account: other.account, native: CAROL, signedAtSec: 101 });
      expect(await links.putLink(moved)).to.equal("new");
      expect(await links.putLink(moved)).to.equal("known");
      expect(await links.linkOf(BOB)).to.equal(null);
      expect(await links.linkOf(CAROL)).to.deep.equal(moved);
    });

    it("that were signed earlier take no later one's place", async () => {
      const { links } = stores;
      await links.putLink(link({ native: CAROL, signedAtSec: 101 }));
      expect(await links.putLink(link())).to.equal("earlier");
      expect(await links.notBefore(link().account)).to.equal(101);
      expect((await links.linkOfAccount(link().account))?.native).to.deep.equal(CAROL);
      expect(await links.linkOf(BOB)).to.equal(null);
    });

    it("that were ended come back only when they are signed anew", async () => {
      const { links } = stores;
      await links.putLink(link());
      await links.removeLink(BOB);
      expect(await links.notBefore(link().account)).to.equal(101);
      for (const signedAtSec of [99, 100]) {
        const again = link({ signedAtSec });
        expect(await links.putLink(again)).to.equal("earlier");
      }
      expect(await links.putLink(link({ signedAtSec: 101 }))).to.equal("new");
      await links.removeLink(BOB);
      await links.forgetEnded(Date.now() - 60_000);
      expect(await links.notBefore(link().account)).to.equal(102);
      await links.forgetEnded(Date.now() + 60_000);
      expect(await links.notBefore(link().account)).to.equal(null);
    });

    it("that come at once leave one", async () => {
      const { links } = stores;
      const all = Array.from({ length: 8 }, (_, index) =>
        link({ native: native(`bob${index}@chat.example`), signedAtSec: 100 + index }),
      );
      await Promise.all(all.map((one) => links.putLink(one)));
      expect((await links.linkOfAccount(link().account))?.signedAtSec).to.equal(107);
      const left = await Promise.all(all.map((one) => links.linkOf(one.native)));
      expect(left.filter((one) => one !== null)).to.have.length(1);
    });
  });

  describe("contacts", () => {
    it("are kept once, listed page by page, and go", async () => {
      const { contacts } = stores;
      const all = [BOB, CAROL].flatMap((one) =>
        ["alice.eth", "dave.eth"].map((name) => ({ native: one, name: name as NormalName })),
      );
      for (const contact of [...all, ...all]) {
        expect(await contacts.addContact(contact)).to.equal(true);
      }
      const [first, second, ...rest] = await contacts.contacts(null, 3);
      expect([first, second, ...rest]).to.deep.equal(all.slice(0, 3));
      expect(await contacts.contacts(rest[0]!, 3)).to.deep.equal(all.slice(3));
      await contacts.removeContact(all[0]!);
      expect(await contacts.contactsOf(BOB)).to.deep.equal(["dave.eth"]);
      await contacts.removeContactsOf(CAROL);
      expect(await contacts.contacts(null, 9)).to.deep.equal([all[1]]);
    });

    it("are bounded for each user", async () => {
      const { contacts, tables } = stores;
      await database.pool.query(
        `insert into ${tables.contact} select $1, 'n' || i || '.eth' from generate_series(1, 1000) i`,
        ["bob@chat.example"],
      );
      expect(await contacts.addContact({ native: BOB, name: ALICE })).to.equal(false);
      expect(await contacts.addContact({ native: BOB, name: "n7.eth" as NormalName })).to.equal(
        true,
      );
      expect(await contacts.addContact({ native: CAROL, name: ALICE })).to.equal(true);
    });
  });

  describe("submissions", () => {
    const [one, other] = ["ab".repeat(32), "cd".repeat(32)];
    const why = { reason: "no-profile", sentence: "alice.eth has no profile." };

    it("are told of until their user knows how they ended", async () => {
      const { submissions } = stores;
      for (const hash of [one, other, one]) await addTo(submissions, BOB, hash, ALICE, 7);
      expect(await submissions.endedSubmissions(BOB)).to.deep.equal([]);
      const ended = { hash: one, receiver: ALICE, ...why };
      expect(await submissions.endSubmission(BOB, one, why)).to.deep.equal(ended);
      expect(await submissions.endedSubmissions(BOB)).to.deep.equal([ended]);
      expect(await submissions.endedSubmissions(CAROL)).to.deep.equal([]);
      await submissions.forgetSubmission(CAROL, one);
      await submissions.forgetSubmission(BOB, one);
      expect(await submissions.endedSubmissions(BOB)).to.deep.equal([]);
      expect(await submissions.endSubmission(BOB, one, why)).to.equal(null);
    });

    it("wait up to 1,000 of one user, and 64 MiB; others are not held up", async () => {
      const { submissions, tables } = stores;
      const fill = async (count: number, bytes: number) => {
        await database.pool.query(
          `truncate ${tables.submission};
           insert into ${tables.submission} (native, hash, receiver, bytes)
           select 'bob@chat.example', sha256(n::text::bytea), 'alice.eth', ${bytes} from generate_series(1, ${count}) n`,
        );
      };
      for (const [count, bytes] of [
        [1_000, 1],
        [64, 1024 * 1024],
      ] as const) {
        await fill(count, bytes);
        expect(await addTo(submissions, BOB, one, ALICE, 7)).to.equal("sender");
        expect(await addTo(submissions, CAROL, one, ALICE, 7)).to.equal(null);
        await fill(count - 1, bytes);
        expect(await addTo(submissions, BOB, one, ALICE, bytes)).to.equal(null);
        // what waits already, sent again
        expect(await addTo(submissions, BOB, one, ALICE, bytes)).to.equal(null);
        expect(await addTo(submissions, BOB, other, ALICE, 7)).to.equal("sender");
        await submissions.endSubmission(BOB, one, why);
        expect(await addTo(submissions, BOB, other, ALICE, 7)).to.equal(null);
      }
      await fill(0, 0);
    });

    /** Waiting ones: `native` and `receiver` are SQL of the number n. */
    const fillWith = (
      [native, receiver]: readonly [string, string],
      count: number,
      bytes = 1,
      isAnswer = false,
    ) =>
      database.pool.query(
        `insert into ${stores.tables.submission} (native, hash, receiver, bytes, is_answer)
         select ${native}, sha256(n::text::bytea), ${receiver}, ${bytes}, ${isAnswer} from generate_series(1, ${count}) n`,
      );
    const empty = () => database.pool.query(`truncate ${stores.tables.submission}`);
    const ANY = "n || '@d' || n % 9 || '.test'";

    it("to one receiver, or of one native domain, leave room for others, by number and by bytes", async () => {
      const { submissions } = stores;
      const add = (native: NativeAddress, receiver: string) =>
        addTo(submissions, native, one, receiver as NormalName, 7);
      for (const [count, bytes] of [
        [5_000, 1],
        [256, 1024 * 1024],
      ] as const) {
        await fillWith([ANY, "'alice.eth'"], count - 1, bytes);
        expect(await add(BOB, "alice.eth")).to.equal(null);
        await fillWith(["'x@y.test'", "'alice.eth'"], 1, bytes);
        expect(await add(CAROL, "alice.eth")).to.equal("receiver");
        expect(await add(CAROL, "dora.eth")).to.equal(null);
        await empty();
      }
      await fillWith(["n || '@chat.example'", "n || '.eth'"], 25_000);
      expect(await add(BOB, "alice.eth")).to.equal("sender's domain");
      expect(await add({ localPart: "bob", domain: "other.example" }, "alice.eth")).to.equal(null);
      await empty();
      await fillWith([ANY, "n || '.many.eth'"], 50_000);
      expect(await add(BOB, "new.many.eth")).to.equal("receiver's domain");
      expect(await add(BOB, "nomany.eth")).to.equal(null);
      await empty();
    });

    it("of a network with one domain may take all room", async () => {
      const submissions = submissionStore(database.pool, { ...stores, isOfManyDomains: false });
      await fillWith(["n || '@chat.example'", "n || '.eth'"], 25_000);
      expect(await addTo(submissions, BOB, one, ALICE, 7)).to.equal(null);
      await empty();
    });

    it("that answer somebody take no room from their user's own", async () => {
      const { submissions } = stores;
      await fillWith(["'bob@chat.example'", "n || '.eth'"], 2_000, 64 * 1024, true);
      expect(await addTo(submissions, BOB, one, ALICE, 7)).to.equal(null);
      await empty();
      await fillWith(["'bob@chat.example'", "n || '.eth'"], 1_000);
      expect(await addTo(submissions, BOB, one, ALICE, 7)).to.equal("sender");
      expect(await addTo(submissions, BOB, one, ALICE, 7, "answer")).to.equal(null);
      await empty();
    });

    it("that answer somebody wait up to 200 for each domain of receivers, whose names cost nothing, whoever answers", async () => {
      const { submissions } = stores;
      const add = (hash: string, receiver: string, kind: "message" | "answer" = "answer") =>
        addTo(submissions, BOB, hash, receiver as NormalName, 7, kind);
      await fillWith([ANY, "n || '.many.eth'"], 199, 1, true);
      expect(await add(one, "many.eth")).to.equal(null);
      expect(await add(one, "many.eth")).to.equal(null);
      expect(await add(other, "a.b.many.eth")).to.equal("receiver's domain");
      expect(await add(other, "a.b.many.eth", "message")).to.equal(null);
      expect(await add("ef".repeat(32), "nomany.eth")).to.equal(null);
      await fillWith(["'x' || n || '@z.test'", "n || '.eth'"], 20_000, 1, true);
      expect(await add("01".repeat(32), "alice.eth")).to.equal("answers");
      await empty();
    });

    it("keep the 1,000 newest ends of a user who never notes one", async () => {
      const { submissions, tables } = stores;
      await database.pool.query(
        `insert into ${tables.submission} (native, hash, receiver, reason, sentence, submitted_at)
         select 'bob@chat.example', sha256(n::text::bytea), n || '.eth', 'limit', '', now() - n * interval '1 second'
         from generate_series(1, 1200) n`,
      );
      await submissions.forgetSubmissions(0);
      const { rowCount } = await database.pool.query(`select 1 from ${tables.submission}`);
      expect(rowCount).to.equal(1_000);
      const ends = await submissions.endedSubmissions(BOB);
      expect([ends.length, ends[0]?.receiver, ends.at(-1)?.receiver]).to.deep.equal([
        ...[1_000, "1000.eth", "1.eth"],
      ]);
      await database.pool.query(`truncate ${tables.submission}`);
    });

    it("are forgotten after their time", async () => {
      const { submissions } = stores;
      await addTo(submissions, BOB, one, ALICE, 7);
      await submissions.endSubmission(BOB, one, why);
      await submissions.forgetSubmissions(Date.now() - 60_000);
      expect(await submissions.endedSubmissions(BOB)).to.have.length(1);
      await submissions.forgetSubmissions(Date.now() + 60_000);
      expect(await submissions.endedSubmissions(BOB)).to.deep.equal([]);
    });
  });

  describe("the active component", () => {
    const [first, second] = [
      "00000000-0000-4000-8000-000000000001",
      "00000000-0000-4000-8000-000000000002",
    ];

    it("is one at a time, until it leaves or says nothing for its lease", async () => {
      const lease = activeComponent(database.pool, stores.tables, "dm3.chat.example");
      expect(await lease.take(first, 60_000)).to.equal(true);
      expect(await lease.take(second, 60_000)).to.equal(false);
      expect(await lease.take(first, 60_000)).to.equal(true);
      await lease.leave(second);
      expect(await lease.take(second, 60_000)).to.equal(false);
      await lease.leave(first);
      expect(await lease.take(second, 1)).to.equal(true);
      await database.pool.query("select pg_sleep(0.05)");
      expect(await lease.take(first, 60_000)).to.equal(true);
    });

    it("of another host is another one", async () => {
      const at = (host: string) => activeComponent(database.pool, stores.tables, host);
      expect(await at("dm3.chat.example").take(first, 60_000)).to.equal(true);
      expect(await at("dm3.other.example").take(second, 60_000)).to.equal(true);
    });
  });
});
