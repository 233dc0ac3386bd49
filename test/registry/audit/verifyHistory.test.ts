/** A history that was tampered with, in every place where it can be: the verification says where. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import fc from "fast-check";
import { toHex } from "../../../src/abi/hex.js";
import { namehash } from "../../../src/ens/namehash.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { changeName } from "../../../src/registry/changes/changeName.js";
import { appendEntry } from "../../../src/registry/history/historyChain.js";
import { entryHash, type SealedEntry } from "../../../src/registry/history/historyEntry.js";
import { recordedAuthority } from "../../../src/registry/history/recordedAuthority.js";
import { applyChange, changeBetween } from "../../../src/registry/history/stateChange.js";
import { type NameState, nameState, stateDigest } from "../../../src/registry/names/nameState.js";
import { signedAction, verifySignedRequest } from "../../../src/registry/signed/signedRequest.js";
import type { NameStore } from "../../../src/registry/store.js";
import { bytes, sampleName } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { deleteProfile, setRecords, writeAsService } from "../changes/serviceWrites.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";
import { REGISTRY_RESOLVER, signRequest } from "../signed/signedRequests.js";

const ALICE = `alice.${DOMAIN}`;
const NODE = namehash(ALICE);

const underItsNumber = (sealed: SealedEntry) => ({ ...sealed, storedAs: sealed.entry.number });

describe("registry/verifyHistory", () => {
  let registry: TestRegistry;
  let wallet: HDNodeWallet;
  let history: readonly SealedEntry[];

  before(async () => {
    registry = await openRegistry();
    wallet = Wallet.createRandom();
    const [first, second] = await profilesOf(wallet, 2);
    await registry.publish(ALICE, wallet.address, first);
    await setRecords(registry.stores, {
      domain: DOMAIN,
      name: ALICE,
      records: { texts: { avatar: "a", url: "u" }, addresses: { "0": "0x00" } },
    });
    await registry.publish(ALICE, wallet.address, second);
    await sign("setRecords", 1, { records: { texts: { url: "v" } } });
    await sign("deleteProfile", 2);
    history = await registry.stores.names.historyOf(NODE, 0, 100);
  });
  after(() => registry.close());

  async function sign(action: "setRecords" | "deleteProfile", sequence: number, content = {}) {
    const wish = {
      action,
      domain: DOMAIN,
      name: ALICE,
      content,
      sequence,
      signedFor: REGISTRY_RESOLVER,
    };
    const verified = await verifySignedRequest(
      registry.stores.domains,
      await signRequest(wallet, wish),
    );
    const { authority } = verified;
    const change = { domain: DOMAIN, name: ALICE, actions: [signedAction(verified)], authority };
    await changeName(registry.stores, change, Date.now);
  }

  const names = () => registry.stores.names;
  /** The verdict on another history than the stored one. */
  const verdictOn = (entries: readonly SealedEntry[], others: Partial<NameStore> = {}) =>
    verifyHistory(
      {
        ...names(),
        historyOf: (_node, after, limit) =>
          Promise.resolve(entries.slice(after, after + limit).map(underItsNumber)),
        ...others,
      },
      NODE,
    );
  const stateBehind = (index: number): NameState => {
    let state: NameState | null = null;
    for (const { entry } of history.slice(0, index + 1)) state = applyChange(state, entry.change);
    return state!;
  };
  /** The fields of an entry that leads from one state to another. */
  const changeTo = (before: NameState, after: NameState | null) => ({
    change: changeBetween(before, after),
    after: toHex(stateDigest(after)),
  });
  /** The history with one entry changed, and that entry's own hash made right again. */
  const changed = (index: number, changes: object): SealedEntry[] =>
    history.map((sealed, at) => {
      if (at !== index) return sealed;
      const entry = { ...sealed.entry, ...changes } as SealedEntry["entry"];
      return { entry, hash: entryHash(entry) };
    });

  it("holds, and tells who did what", async () => {
    expect(await verifyHistory(names(), NODE)).to.deep.equal({
      name: ALICE,
      entries: 5,
      broken: null,
      foundLater: [],
      contractProofs: [],
    });
    expect(history.map(({ entry }) => [entry.authority.kind, entry.operation])).to.deep.equal([
      ["service", "publishProfile"],
      ["service", "setRecords"],
      ["service", "publishProfile"],
      ["owner", "setRecords"],
      ["owner", "deleteProfile"],
    ]);
    const patch = history[3]!.entry.change;
    expect(patch).to.deep.equal({ patch: { held: true, texts: { avatar: null, url: "v" } } });
  });

  it("breaks where an entry in an owner's right says that it was found", async () => {
    const after = { ...stateBehind(3), texts: { url: "evil" } };
    const found = { operation: "found", change: { to: after }, after: toHex(stateDigest(after)) };
    expect((await verdictOn(changed(3, found).slice(0, 4))).broken)
      .to.include({ number: 4 })
      .and.property("reason")
      .match(/it says that the row was found, which is in nobody's right/);
    const { broken } = await verdictOn(changed(1, { authority: { kind: "database" } }));
    expect(broken)
      .to.include({ number: 2 })
      .and.property("reason")
      .match(/in nobody's right/);
  });

  it("holds of a name that shows its first profile still, and of one that went with it", async () => {
    const name = `shown.${DOMAIN}`;
    const [profile] = await profilesOf(wallet, 1);
    await registry.publish(name, wallet.address, profile);
    await setRecords(registry.stores, { domain: DOMAIN, name, records: { texts: { url: "u" } } });
    const holds = { name, broken: null };
    expect(await verifyHistory(names(), namehash(name))).to.include({ ...holds, entries: 2 });
    expect(await names().retiredUnder(namehash(name))).to.deep.equal([]);
    await writeAsService(registry.stores, DOMAIN, name, [{ kind: "delete" }]);
    expect(await verifyHistory(names(), namehash(name))).to.include({ ...holds, entries: 3 });
    expect(await names().retiredUnder(namehash(name))).to.have.length(1);
  });

  it("leads to the state, entry by entry", async () => {
    let state: NameState | null = null;
    for (const { entry } of history) state = applyChange(state, entry.change);
    const stored = await names().nameOf(NODE);
    expect(state).to.deep.equal(nameState(stored!));
  });

  it("breaks where any field of an entry was changed", async () => {
    for (const [index, { entry }] of history.entries()) {
      for (const key of Object.keys(entry)) {
        const altered = { ...entry, [key]: key === "number" || key === "atMs" ? 99 : "0x00" };
        const entries = history.map((sealed, at) =>
          at === index ? { ...sealed, entry: altered } : sealed,
        );
        const { broken } = await verdictOn(entries);
        expect(broken, `${index}.${key}`).to.include({ number: index + 1 });
        expect(broken!.reason).to.match(/its hash is not the hash of its content|is missing/);
      }
    }
  });

  it("breaks, and does not throw, where what was changed has not the form that we write", async () => {
    const { authority } = history[4]!.entry;
    const forms: Readonly<Record<string, object>> = {
      "another chain than a number": { chainId: "x", acceptedAtBlock: "x" },
      "a block that is none": { acceptedAtBlock: "x" },
      "another address than one": { address: "zz", acceptedAtBlock: "1" },
      "no request": { request: undefined },
      "an unknown action": { request: { action: "paint" } },
      "content that is no JSON": { content: "{" },
      "no signature": { signature: null },
    };
    for (const [form, changes] of Object.entries(forms)) {
      const { broken } = await verdictOn(changed(4, { authority: { ...authority, ...changes } }));
      expect(broken, form).to.include({ number: 5 });
    }
  });

  it("breaks where an entry was changed and hashed anew", async () => {
    const breaks: [entries: SealedEntry[], number: number, reason: RegExp][] = [
      [changed(0, { atMs: 1 }), 2, /previous hash is not the hash of the entry before/],
      [changed(4, { atMs: 1 }), 5, /its end was cut off or replaced/],
      [changed(1, { previous: history[1]!.entry.previous.replace(/.$/, "x") }), 2, /previous hash/],
      [changed(2, { before: history[0]!.entry.after }), 3, /state before is not/],
      [changed(4, { change: { patch: {} } }), 5, /does not lead to its state after/],
    ];
    for (const [entries, number, reason] of breaks) {
      const { broken } = await verdictOn(entries);
      expect(broken).to.include({ number });
      expect(broken!.reason).to.match(reason);
    }
  });

  it("breaks where an entry did something else than what its owner signed", async () => {
    const { authority } = history[4]!.entry as { authority: { kind: "owner"; request: object } };
    const kept = stateBehind(3);
    const moved = { ...kept, addresses: { "60": `0x${"cc".repeat(20)}` } };
    const cases: [what: string, index: number, changes: object, reason: RegExp][] = [
      ["another action", 4, { operation: "setRecords" }, /for another action/],
      ["a deletion", 4, { operation: "delete", ...changeTo(kept, null) }, /for another action/],
      ["another effect", 4, changeTo(kept, moved), /something else than its change/],
      [
        "other records",
        3,
        changeTo(stateBehind(2), { ...kept, texts: { ...kept.texts, url: "w" } }),
        /something else/,
      ],
      [
        "another content",
        4,
        { authority: { ...authority, content: '{"a":1}' } },
        /whose hash was signed/,
      ],
      ["no content", 4, { authority: { ...authority, content: "" } }, /whose hash was signed/],
    ];
    for (const [what, index, changes, reason] of cases) {
      const { broken } = await verdictOn(changed(index, changes).slice(0, index + 1));
      expect(broken?.reason, what).to.match(reason);
    }
  });

  it("breaks where an owner signed what no name can become", async () => {
    const before = stateBehind(4);
    const texts = { ...before.texts, "network.dm3.profile": "forged" };
    const wish = {
      ...({ action: "setRecords", domain: DOMAIN, name: ALICE, sequence: 3 } as const),
      ...{ content: { records: { texts } }, signedFor: REGISTRY_RESOLVER },
    };
    const { authority } = await verifySignedRequest(
      registry.stores.domains,
      await signRequest(wallet, wish),
    );
    const { sealed } = appendEntry(await names().historyEndOf(NODE), {
      ...{ name: ALICE, atMs: Date.now(), authority: recordedAuthority(authority) },
      ...{ action: "setRecords", before, after: { ...before, texts } },
    });
    expect((await verdictOn([...history, sealed])).broken).to.deep.equal({
      number: 6,
      reason: "its signature is over something else than its change",
    });
  });

  it("says of a node that never had a name that nothing is there", async () => {
    expect(await verifyHistory(names(), namehash(`nobody.${DOMAIN}`))).to.deep.equal({
      name: null,
      entries: 0,
      broken: null,
      foundLater: [],
      contractProofs: [],
    });
  });

  it("breaks where what is kept beside the history is not what it leads to", async () => {
    const signatureState = await names().signatureStateOf(NODE);
    const retired = await names().retiredUnder(NODE);
    expect(retired).to.have.length(2);
    const end = (await names().historyEndOf(NODE))!;
    const others: [Partial<NameStore>, RegExp][] = [
      ...[{ number: 4 }, { number: 6 }, { hash: bytes(32, 1) }].map(
        (change): [Partial<NameStore>, RegExp] => [
          { historyEndOf: () => Promise.resolve({ ...end, ...change }) },
          /end was cut off or replaced/,
        ],
      ),
      ...[
        { sequence: 1 },
        { sequence: 9_000_000 },
        { writesAfterSec: 0 },
        { ownerChain: 1n },
        { givenUpBy: [`0x${"aa".repeat(20)}`] as const },
        { isGift: true },
      ].map((change): [Partial<NameStore>, RegExp] => [
        { signatureStateOf: () => Promise.resolve({ ...signatureState, ...change }) },
        /stored signature state/,
      ]),
      [{ retiredUnder: () => Promise.resolve(retired.slice(1)) }, /could be published again/],
    ];
    for (const [change, reason] of others) {
      expect((await verdictOn(history, change)).broken?.reason).to.match(reason);
    }
  });

  it("breaks where the whole history of a name is gone that its owner holds", async () => {
    const { broken } = await verdictOn([], { historyEndOf: () => Promise.resolve(null) });
    expect(broken?.reason).to.match(/that history is gone/);
  });

  it("breaks where an owner's signature is not theirs, or for another request", async () => {
    const { entry } = history[4]!;
    const authority = entry.authority as unknown as Record<string, unknown> & { request: object };
    const broken: [changes: object, reason: RegExp][] = [
      [{ address: Wallet.createRandom().address }, /not by the wallet that it names/],
      [{ chainId: "5" }, /not by the wallet/],
      [{ signature: `0x${"00".repeat(65)}` }, /not by the wallet/],
      [{ request: { ...authority.request, deadline: 1 } }, /not by the wallet/],
      [{ request: { ...authority.request, name: `bob.${DOMAIN}` } }, /for another name/],
      [{ request: { ...authority.request, sequence: 3 } }, /sequence is not the next one/],
    ];
    for (const [changes, reason] of broken) {
      const verdict = await verdictOn(changed(4, { authority: { ...authority, ...changes } }));
      expect(verdict.broken?.reason).to.match(reason);
    }
  });

  it("breaks where entries are missing, in the middle or at the end", async () => {
    for (let index = 0; index < history.length; index++) {
      const { broken } = await verdictOn(history.filter((_, at) => at !== index));
      expect(broken, `without ${index}`).to.include(
        index === 4
          ? { number: 4, reason: "its end was cut off or replaced" }
          : { number: index + 1 },
      );
    }
    expect((await verdictOn([])).broken).to.deep.equal({
      number: 0,
      reason: "its end was cut off or replaced",
    });
  });

  it("breaks where the row was changed or taken away without Signpost", async () => {
    const stored = await names().nameOf(NODE);
    const others = [{ ...stored!, held: false }, { ...stored!, texts: new Map() }, null];
    for (const other of others) {
      const { broken } = await verdictOn(history, { nameOf: () => Promise.resolve(other) });
      expect(broken).to.deep.equal({
        number: 5,
        reason: "the row of the name is not what its history leads to",
      });
    }
  });

  it("says what was found where a row was changed behind its back, before the next change", async () => {
    const name = `tampered.${DOMAIN}`;
    await setRecords(registry.stores, { domain: DOMAIN, name, records: { texts: { a: "1" } } });
    await registry.pool.query('update name set texts = \'{"a": "2"}\' where name = $1', [name]);
    const before = await verifyHistory(names(), namehash(name));
    expect(before.broken?.reason).to.equal("the row of the name is not what its history leads to");
    await setRecords(registry.stores, {
      domain: DOMAIN,
      name,
      records: { contenthash: "0xe30101" },
    });
    expect(await verifyHistory(names(), namehash(name))).to.deep.equal({
      name,
      entries: 3,
      broken: null,
      foundLater: [2],
      contractProofs: [],
    });
    const [, found] = await names().historyOf(namehash(name), 0, 10);
    expect(found!.entry).to.deep.include({ operation: "found", authority: { kind: "database" } });
  });

  it("begins, for a name that is older than histories, with what was there", async () => {
    const old = `old.${DOMAIN}`;
    const insert = "insert into name (node, name, domain, texts) values ($1, $2, $3, $4)";
    await registry.pool.query(insert, [namehash(old), old, DOMAIN, '{"avatar": "a"}']);
    expect(await verifyHistory(names(), namehash(old))).to.include({ entries: 0, broken: null });
    await setRecords(registry.stores, {
      domain: DOMAIN,
      name: old,
      records: { contenthash: "0xe30101" },
    });
    const verdict = await verifyHistory(names(), namehash(old));
    expect(verdict).to.deep.equal({
      name: old,
      entries: 2,
      broken: null,
      foundLater: [],
      contractProofs: [],
    });
  });

  it("is not written by what changes nothing, nor by what is refused", async () => {
    const name = `quiet.${DOMAIN}`;
    await writeAsService(registry.stores, DOMAIN, name, [{ kind: "create" }]);
    const { version } = (await names().nameOf(namehash(name)))!;
    await writeAsService(registry.stores, DOMAIN, name, [{ kind: "create" }]);
    await setRecords(registry.stores, { domain: DOMAIN, name, records: { texts: {} } });
    await expectRejection(deleteProfile(registry.stores, DOMAIN, name), "NOT_FOUND", /no profile/);
    expect(await names().historyOf(namehash(name), 0, 10)).to.have.length(1);
    expect((await names().nameOf(namehash(name)))!.version).to.equal(version);
  });

  it("of 50 parallel writers on one name is one chain, and the last entry is the state", async () => {
    const name = `busy.${DOMAIN}`;
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        setRecords(registry.stores, {
          domain: DOMAIN,
          name,
          records: { texts: { index: String(index) } },
        }),
      ),
    );
    expect(await verifyHistory(names(), namehash(name))).to.include({ entries: 50, broken: null });
    const entries = await names().historyOf(namehash(name), 0, 100);
    const last = entries.at(-1)!.entry;
    expect(last.after).to.equal(
      `0x${Buffer.from(stateDigest(nameState((await names().nameOf(namehash(name)))!))).toString("hex")}`,
    );
  });

  it("keeps of a change what leads from any state to any other", () => {
    const text = fc.string();
    const records = fc.record({
      texts: fc.dictionary(text, text).map((given) => new Map(Object.entries(given))),
      addresses: fc
        .array(fc.tuple(fc.nat().map(BigInt), fc.uint8Array()))
        .map((given) => new Map(given)),
      contenthash: fc.option(fc.uint8Array({ minLength: 1 })),
      nameRecord: fc.option(text),
      held: fc.boolean(),
      profileFingerprint: fc.option(fc.constantFrom(bytes(32, 1), bytes(32, 2))),
    });
    const states = fc.option(records.map((changes) => nameState(sampleName("any", changes))));
    fc.assert(
      fc.property(states, states, (before, after) => {
        const change = JSON.parse(JSON.stringify(changeBetween(before, after))) as ReturnType<
          typeof changeBetween
        >;
        expect(applyChange(before, change)).to.deep.equal(after);
      }),
      { numRuns: 300 },
    );
  });
});
