import { expect } from "chai";
import { digestFrom } from "../../../src/abi/digest.js";
import { toHex } from "../../../src/abi/hex.js";
import { type Address, addressFrom } from "../../../src/ens/address.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { domainOfSender } from "../../../src/relay/senderDomain.js";
import type { Kept, MailboxStore, NewMessage } from "../../../src/relay/store.js";
import { bytes } from "../sampleNames.js";
import { openRelayDatabase, type RelayDatabase, ROOMY } from "./relayDatabase.js";

const SIGNED = {
  profile: { publicEncryptionKey: "e", publicSigningKey: "s", deliveryServices: ["ds.eth"] },
  signature: "0x",
};

describe("db/relay: mailboxes", () => {
  let database: RelayDatabase;
  let next = 1;
  before(async () => {
    database = await openRelayDatabase();
  });
  after(() => database.close());

  async function newAccount(): Promise<Address> {
    const address = addressFrom(Uint8Array.from({ length: 20 }, () => 0));
    new DataView(address.buffer).setUint32(0, next++);
    await database.accounts.putAccount({ address, name: null, signed: SIGNED });
    return address;
  }

  function message(account: Address, hash: number, rest: Partial<NewMessage> = {}): NewMessage {
    const senderName = (rest.senderName ?? "alice.eth") as NormalName;
    const claimedHash = digestFrom(Uint8Array.from({ length: 32 }, () => 0));
    new DataView(claimedHash.buffer).setUint32(0, hash);
    return {
      account,
      sender: addressFrom(bytes(20, 7)),
      senderName,
      senderDomain: domainOfSender(senderName),
      claimedHash,
      bodyHash: digestFrom(bytes(32, 1)),
      envelope: `{"hash":${hash}}`,
      ...rest,
    };
  }

  const ackOf = ({ senderName, claimedHash }: NewMessage) => ({ senderName, claimedHash });
  const waitingOf = async (mailboxes: MailboxStore, account: Address) =>
    (await mailboxes.waiting(account)).map((text) => JSON.parse(text) as { hash: number });
  const numbersOf = (kept: readonly Kept[]) =>
    kept.flatMap((each) => (each.kind === "kept" ? [each.number] : []));
  const counted = async (account: Address) => {
    const { rows } = await database.pool.query<{ messages: number; bytes: string }>(
      `select messages, bytes from ${database.tables.account} where address = $1`,
      [account],
    );
    return { messages: rows[0]!.messages, bytes: Number(rows[0]!.bytes) };
  };

  it("keep each message once, number them in their order, and show the newest first", async () => {
    const mailboxes = database.mailboxes();
    const account = await newAccount();
    const messages = [1, 2, 3].map((hash) => message(account, hash));
    const kept = await Promise.all(messages.map((each) => mailboxes.keep(each)));
    const [first, ...others] = numbersOf(kept);
    expect(others).to.deep.equal([first! + 1, first! + 2]);
    expect(await mailboxes.keep(messages[1]!)).to.deep.equal({ kind: "known" });
    expect((await waitingOf(mailboxes, account)).map(({ hash }) => hash)).to.deep.equal([3, 2, 1]);
    expect(await counted(account)).to.deep.equal({ messages: 3, bytes: 30 });
  });

  it("keep a message once that comes twice in one batch, or by two connections", async () => {
    const account = await newAccount();
    const same = message(account, 1);
    const stores = [database.mailboxes(), database.mailboxes()];
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => stores[index % 2]!.keep({ ...same })),
    );
    expect(await waitingOf(stores[0]!, account)).to.have.length(1);
    expect(await counted(account)).to.deep.equal({ messages: 1, bytes: 10 });
  });

  it("give its number once where a message comes several times in one batch", async () => {
    const mailboxes = database.mailboxes();
    const account = await newAccount();
    const [same, other] = [message(account, 1), message(account, 2)];
    const given = [same, { ...same }, other, { ...same }, { ...same }];
    const kept = await Promise.all(given.map((each) => mailboxes.keep(each)));
    expect(kept.map(({ kind }) => kind)).to.deep.equal([
      ...["kept", "known", "kept", "known", "known"],
    ]);
    const [first, second] = numbersOf(kept);
    expect(kept[2]).to.deep.equal({ kind: "kept", number: second, after: first });
  });

  it("fail none of a batch for another one of it, and mix up no envelopes", async () => {
    const mailboxes = database.mailboxes({ mostMessages: 1_000, mostBytes: 100_000 });
    const [one, other] = [await newAccount(), await newAccount()];
    const texts = [
      "\0",
      "\ud800",
      "\udc00\ud83d",
      "\u20ac\u{1f600}",
      "",
      '"]}',
      "x".repeat(40_000),
    ];
    const given = Array.from({ length: 64 }, (_, index) => {
      const nobody = addressFrom(bytes(20, 0xef));
      const account = index % 9 === 8 ? nobody : index % 2 === 0 ? one : other;
      // the long ones are a flood of one sender, of which two fit
      const senderName = (index % 7 === 6 ? "mallory.eth" : `x${index}.eth`) as NormalName;
      const envelope = JSON.stringify({ index, text: texts[index % 7] });
      return message(account, index, { envelope, senderName });
    });
    const kept = await Promise.all(given.map((each) => mailboxes.keep(each)));
    kept.forEach((each, index) => {
      const { account, senderName } = given[index]!;
      const kind = each.kind === "full" ? each.of : each.kind;
      if (account !== one && account !== other) expect(kind).to.equal("no-account");
      else if (senderName === "mallory.eth")
        expect(kind).to.be.oneOf(["kept", "sender", "mailbox"]);
      else expect(kind).to.equal("kept");
    });
    for (const account of [one, other]) {
      const expected = given
        .filter((each, index) => each.account === account && kept[index]!.kind === "kept")
        .map(({ envelope }) => envelope);
      const waiting = await mailboxes.waitingInOrder(account, 0, 100);
      expect(waiting.map(({ envelope }) => envelope)).to.deep.equal(expected);
    }
  });

  it("tell what another sender, hash or body is: other messages, and eight copies at most", async () => {
    const mailboxes = database.mailboxes();
    const account = await newAccount();
    const first = message(account, 1);
    const others: Partial<NewMessage>[] = [
      { sender: addressFrom(bytes(20, 8)) },
      { claimedHash: digestFrom(bytes(32, 9)) },
      ...[2, 3, 4, 5, 6, 7, 8].map((body) => ({ bodyHash: digestFrom(bytes(32, body)) })),
    ];
    for (const other of [{}, ...others]) {
      expect((await mailboxes.keep({ ...first, ...other })).kind).to.equal("kept");
    }
    const ninth = await mailboxes.keep({ ...first, bodyHash: digestFrom(bytes(32, 9)) });
    expect(ninth).to.deep.equal({ kind: "full", of: "copies" });
    const ofNobody = await mailboxes.keep(message(addressFrom(bytes(20, 0xee)), 1));
    expect(ofNobody).to.deep.equal({ kind: "no-account" });
  });

  it("give numbers in the order of commits: who reads behind a number misses nothing", async () => {
    const account = await newAccount();
    const stores = [database.mailboxes(), database.mailboxes(), database.mailboxes()];
    const writing = { goesOn: true };
    const seen: number[] = [];
    const reader = (async () => {
      let after = 0;
      for (;;) {
        const last = !writing.goesOn;
        const page = await stores[0]!.waitingInOrder(account, after, 50);
        for (const { number } of page) seen.push((after = number));
        if (last && page.length === 0) return;
      }
    })();
    const senders = Array.from({ length: 300 }, (_, index) => index).map((hash) =>
      stores[hash % 3]!.keep(
        message(account, hash, { senderName: `s${hash}.d${hash % 40}.eth` as NormalName }),
      ),
    );
    const kept = await Promise.all(senders);
    writing.goesOn = false;
    await reader;
    expect(kept.filter(({ kind }) => kind === "kept")).to.have.length(300);
    expect(seen).to.deep.equal(numbersOf(kept).toSorted((a, b) => a - b));
  });

  it("acknowledge thousands at once: by the sender's name and the hash, and nothing else", async () => {
    const mailboxes = database.mailboxes({ ...ROOMY, mostMessages: 8_000 });
    const account = await newAccount();
    const messages = Array.from({ length: 2_000 }, (_, hash) => message(account, hash));
    await Promise.all(messages.map((each) => mailboxes.keep(each)));
    const wrong = messages.map((each) => ({ ...ackOf(each), senderName: "mallory.eth" }));
    expect(await mailboxes.acknowledge(account, wrong)).to.equal(0);
    const product = ["bob.eth", "alice.eth", "carol.eth"].flatMap((senderName) =>
      messages.map((each) => ({ ...ackOf(each), senderName })),
    );
    expect(await mailboxes.acknowledge(account, product)).to.equal(2_000);
    expect(await mailboxes.acknowledge(account, product)).to.equal(0);
    expect(await waitingOf(mailboxes, account)).to.deep.equal([]);
    expect(await counted(account)).to.deep.equal({ messages: 0, bytes: 0 });
    expect(await mailboxes.keep(messages[0]!)).to.deep.equal({ kind: "known" });
  });

  it("refuse the new when the mailbox is full, and drop nothing", async () => {
    const account = await newAccount();
    const mailboxes = database.mailboxes({ mostMessages: 4, mostBytes: 1_000 });
    const from = (name: string) => ({ senderName: name as NormalName });
    const verdicts: string[] = [];
    for (const [index, name] of ["a.eth", "a.eth", "b.eth", "b.eth", "c.eth", "d.eth"].entries()) {
      const kept = await mailboxes.keep(message(account, index, from(name)));
      verdicts.push(kept.kind === "full" ? kept.of : kept.kind);
    }
    // a sender has at most half of what is free, a domain as much as is free
    expect(verdicts).to.deep.equal(["kept", "sender", "kept", "sender", "kept", "sender"]);
    const held = await waitingOf(mailboxes, account);
    expect(held).to.have.length(3);
    const small = database.mailboxes({ mostMessages: 100, mostBytes: 25 });
    const other = await newAccount();
    const three = [1, 2, 3].map((hash) => message(other, hash, from(`${hash}.eth`)));
    const kinds = await Promise.all(three.map((each) => small.keep(each)));
    expect(kinds.at(-1)).to.deep.equal({ kind: "full", of: "mailbox" });
    await small.acknowledge(other, three.map(ackOf));
    expect((await small.keep(message(other, 4))).kind).to.equal("kept");
  });

  it("leave one sender a third of a mailbox by its bytes as well, and give it back", async () => {
    const account = await newAccount();
    const mailboxes = database.mailboxes({ mostMessages: 1_000, mostBytes: 3_000 });
    const long = (hash: number, senderName: string) =>
      message(account, hash, {
        senderName: senderName as NormalName,
        envelope: JSON.stringify("x".repeat(98)),
      });
    const flood = async (first: number, nameOf: (index: number) => string) => {
      const kinds: string[] = [];
      for (let index = 0; index < 25; index++) {
        const kept = await mailboxes.keep(long(first + index, nameOf(index)));
        kinds.push(kept.kind === "full" ? kept.of : kept.kind);
      }
      return kinds;
    };
    const kinds = await flood(0, () => "mallory.eth");
    expect(kinds.filter((kind) => kind === "kept")).to.have.length(10);
    expect(kinds.at(-1)).to.equal("sender");
    const ofDomain = await flood(100, (index) => `n${index}.evil.eth`);
    expect(ofDomain.filter((kind) => kind === "kept")).to.have.length(10);
    expect(ofDomain.at(-1)).to.equal("domain");
    expect((await mailboxes.keep(message(account, 500))).kind).to.equal("kept");
    await mailboxes.acknowledge(
      account,
      Array.from({ length: 10 }, (_, hash) => ackOf(long(hash, "mallory.eth"))),
    );
    expect((await flood(200, () => "mallory.eth")).slice(0, 2)).to.deep.equal(["kept", "kept"]);
  });

  it("leave a batch of one flood as little room as one message after the other", async () => {
    const account = await newAccount();
    const mailboxes = database.mailboxes({ mostMessages: 1_000, mostBytes: 3_000 });
    const envelope = JSON.stringify("x".repeat(98));
    const kept = await Promise.all(
      Array.from({ length: 40 }, (_, hash) => mailboxes.keep(message(account, hash, { envelope }))),
    );
    // of what was free before the batch: half of it
    expect(numbersOf(kept).length).to.be.within(10, 15);
    expect(
      (await mailboxes.keep(message(account, 99, { senderName: "honest.eth" as NormalName }))).kind,
    ).to.equal("kept");
  });

  it("leave one domain with endless names half of a mailbox, and others the rest", async () => {
    const account = await newAccount();
    const mailboxes = database.mailboxes({ mostMessages: 100, mostBytes: 1_000_000 });
    const kept: string[] = [];
    for (let index = 0; index < 120; index++) {
      const senderName = `n${index}.x${index % 7}.evil.eth` as NormalName;
      kept.push((await mailboxes.keep(message(account, index, { senderName }))).kind);
    }
    expect(kept.filter((kind) => kind === "kept")).to.have.length(50);
    const honest = await mailboxes.keep(message(account, 500));
    expect(honest.kind).to.equal("kept");
  });

  it("show every sender's newest where there is more than a page has", async () => {
    const account = await newAccount();
    const mailboxes = database.mailboxes({ mostMessages: 10_000, mostBytes: 1e9 });
    const flood = Array.from({ length: 1_500 }, (_, hash) => message(account, hash));
    const old = message(account, 9_999, { senderName: "carol.eth" as NormalName });
    await mailboxes.keep(old);
    await Promise.all(flood.map((each) => mailboxes.keep(each)));
    const shown = await waitingOf(mailboxes, account);
    expect(shown).to.have.length(1_001);
    expect(shown.at(-1)).to.deep.equal({ hash: 9_999 });
  });

  it("expire what nobody fetched, forget it later, and let a late acknowledgement win", async () => {
    const mailboxes = database.mailboxes();
    const account = await newAccount();
    const messages = [1, 2].map((hash) => message(account, hash));
    await Promise.all(messages.map((each) => mailboxes.keep(each)));
    const stateOf = async () => {
      const { rows } = await database.pool.query<{ state: string }>(
        `select state from ${database.tables.message} where account = $1 order by number`,
        [account],
      );
      return rows.map(({ state }) => state);
    };
    await mailboxes.acknowledge(account, [ackOf(messages[0]!)]);
    while ((await database.retention.expire(Date.now() + 1_000, 2)) > 0);
    expect(await stateOf()).to.deep.equal(["delivered", "expired"]);
    expect(await counted(account)).to.deep.equal({ messages: 0, bytes: 0 });
    expect(await mailboxes.acknowledge(account, messages.map(ackOf))).to.equal(1);
    expect(await stateOf()).to.deep.equal(["delivered", "delivered"]);
    expect(await mailboxes.keep(messages[1]!)).to.deep.equal({ kind: "known" });
    expect(await database.retention.forget(Date.now() - 60_000, 1_000)).to.equal(0);
    while ((await database.retention.forget(Date.now() + 1_000, 1_000)) > 0);
    expect(await stateOf()).to.deep.equal([]);
    expect((await mailboxes.keep(messages[1]!)).kind).to.equal("kept");
  });

  it("forget what senders had without a wait for a mailbox that is in use", async () => {
    const mailboxes = database.mailboxes();
    const accounts = [await newAccount(), await newAccount()];
    for (const account of accounts) {
      await mailboxes.keep(message(account, 1));
      await mailboxes.acknowledge(account, [ackOf(message(account, 1))]);
    }
    const { pool, tables } = database;
    const held = async () => {
      const { rows } = await pool.query<{ account: Buffer }>(
        `select distinct account from ${tables.share} where account = any($1::bytea[])`,
        [accounts],
      );
      return rows.map(({ account }) => toHex(new Uint8Array(account)));
    };
    const holder = await pool.connect();
    try {
      await holder.query("begin");
      await holder.query(`select from ${tables.share} where account = $1 for update`, [
        accounts[0],
      ]);
      await database.retention.forget(0, 1_000);
      expect(await held()).to.deep.equal([toHex(accounts[0]!)]);
    } finally {
      await holder.query("rollback");
      holder.release();
    }
    await database.retention.forget(0, 1_000);
    expect(await held()).to.deep.equal([]);
  });

  it("know which accounts have something new, and up to where it was pushed", async () => {
    const mailboxes = database.mailboxes();
    const [first, second] = [await newAccount(), await newAccount()];
    const [number = 0] = numbersOf([await mailboxes.keep(message(first, 1))]);
    const asked = new Map([first, second].map((address) => [toHex(address) as string, 0]));
    expect([...(await mailboxes.newest(asked))]).to.deep.equal([[toHex(first), number]]);
    expect(await mailboxes.newest(new Map([[toHex(first), number]]))).to.deep.equal(new Map());
    await mailboxes.notePushed(first, 1);
    await mailboxes.notePushed(first, 0);
    expect(await mailboxes.pushedUpTo(first)).to.equal(1);
    await mailboxes.notePushed(first, Number.MAX_SAFE_INTEGER);
    expect(await mailboxes.pushedUpTo(first), "a cursor that was made up").to.equal(number);
  });
});
