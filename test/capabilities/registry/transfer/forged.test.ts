/**
 * Exports that nobody could tell from true ones by their hashes, made by an operator who wants more than is theirs: names
 * that others hold, names of other domains, and what was taken away here.
 */
import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { Wallet } from "ethers";
import { toHex } from "../../../../src/abi/hex.js";
import { domainStore } from "../../../../src/db/domainStore.js";
import { nameStore } from "../../../../src/db/nameStore.js";
import { stringify } from "../../../../src/dm3/stringify.js";
import { namehash } from "../../../../src/ens/namehash.js";
import { addDomain } from "../../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../../src/registry/domains/apiKey.js";
import {
  appendEntry,
  type HistoryEnd,
  type Step,
} from "../../../../src/registry/history/historyChain.js";
import type { SealedEntry } from "../../../../src/registry/history/historyEntry.js";
import type { NameState } from "../../../../src/registry/names/nameState.js";
import type { NameLine } from "../../../../src/transfer/form/exportLine.js";
import { isBehind } from "../../../../src/transfer/form/nameOrder.js";
import { verifyName } from "../../../../src/transfer/verify/verifyName.js";
import { type MigratedPool, openMigratedPool } from "../../../db/migratedPool.js";
import { bytes } from "../../../db/sampleNames.js";
import { expectRejection } from "../../../expectError.js";
import { writeAsService } from "../../../registry/changes/serviceWrites.js";
import {
  DOMAIN,
  NESTED_DOMAIN,
  openRegistry,
  profilesOf,
  type TestRegistry,
} from "../../../registry/openRegistry.js";
import { REGISTRY_RESOLVER } from "../../../registry/signed/signedRequests.js";
import { appended, ended, type Json, linesOf } from "./changedExport.js";
import { under } from "./filledDomain.js";
import { type FilledExport, openFilledExport } from "./filledExport.js";
import type { Transfer } from "./openTransfer.js";
import { recordedBy } from "./signedWish.js";

const SERVICE = { kind: "service", keyId: "1" } as const;

describe("capabilities/registry/transfer: forged exports", () => {
  let opened: FilledExport;
  let target: MigratedPool;
  let transfer: Transfer;
  let text: string;
  let lines: Json[];
  let owner: FilledExport["owner"];

  before(async () => {
    opened = await openFilledExport();
    ({ owner, transfer, text, lines, target } = opened);
    await transfer.imported(target.pool, text);
  });
  after(async () => {
    await opened.close();
  });

  /** What is told of one name, of which nothing changes. */
  async function toldOf(name: string, changed: string, pool = target.pool) {
    const before = await nameStore(pool).nameOf(namehash(name));
    const { outcomes } = await transfer.imported(pool, changed);
    expect(await nameStore(pool).nameOf(namehash(name))).to.deep.equal(before);
    const told = outcomes.remarks.filter((one) => one.name === name);
    expect(told, stringify(outcomes.counts["name"])).to.have.length(1);
    return `${told[0]!.outcome}: ${told[0]!.reason}`;
  }

  describe("entries that say found", () => {
    /** An owner's, without a signature. */
    const unsigned = (address: string) =>
      ({
        ...{ kind: "owner", address, chainId: "1", signature: "0x", request: {}, content: "" },
        resolver: toHex(REGISTRY_RESOLVER.resolver),
      }) as unknown as Step["authority"];
    const evil = (after: (state: NameState) => NameState | null) =>
      appended(lines, "held", (state) => ({
        authority: unsigned(owner.address),
        action: "found",
        after: after(state),
      }));

    it("are nobody's: none can change, free or delete in the owner's right", async () => {
      const changes: ((state: NameState) => NameState | null)[] = [
        (state) => ({ ...state, texts: { url: "evil" }, profileFingerprint: null }),
        (state) => ({ ...state, held: false }),
        () => null,
      ];
      for (const change of changes) {
        expect(await toldOf(under("held"), evil(change))).to.match(
          /^refused: entry 3: it says that the row was found, which is in nobody's right/,
        );
      }
    });

    it("are the only ones in nobody's right", async () => {
      const changed = appended(lines, "bare", (state) => ({
        authority: { kind: "database" },
        action: "setRecords",
        after: { ...state, texts: { url: "evil" } },
      }));
      expect(await toldOf(under("bare"), changed)).to.match(
        /^refused: entry 2: it changes the name in nobody's right/,
      );
    });

    it("do not make a name held, though its owner signed before", async () => {
      const changed = appended(lines, "left", () => ({
        authority: { kind: "database" },
        action: "found",
        after: {
          ...(lines.find(({ name }) => name === under("bare"))!["state"] as NameState),
          name: under("left"),
          addresses: { "60": toHex(bytes(20, 0xee)) },
          held: true,
        },
      }));
      const empty = await openMigratedPool();
      expect(await toldOf(under("left"), changed, empty.pool)).to.match(
        /^refused: entry 3: it says that an owner holds the name/,
      );
      await empty.close();
    });
  });

  it("stop where an entry has a kind of right or of action that is not known", async () => {
    const kinds: Partial<Step>[] = [
      { authority: { kind: "god" } as never, action: "setRecords" },
      { authority: SERVICE, action: "conjure" as never },
    ];
    for (const kind of kinds) {
      const changed = appended(lines, "bare", (state) => ({
        ...(kind as Step),
        after: { ...state, texts: { url: "evil" } },
      }));
      await expectRejection(
        transfer.imported(target.pool, changed),
        "EXPORT_MALFORMED",
        /Line \d+ .*(authority|operation)/,
      );
    }
  });

  describe("of the domain above another one", () => {
    let here: TestRegistry;
    let below: Json[];

    before(async () => {
      here = await openRegistry();
      for (const label of ["own", "gone"]) {
        const name = `${label}.${NESTED_DOMAIN}`;
        await writeAsService(here.stores, NESTED_DOMAIN, name, [{ kind: "create" }]);
      }
      await writeAsService(here.stores, NESTED_DOMAIN, `gone.${NESTED_DOMAIN}`, [
        { kind: "delete" },
      ]);
      below = linesOf(await transfer.exported(here.pool, NESTED_DOMAIN)).slice(0, -1);
    });
    after(() => here.close());

    /** The export of the domain above, with the lines of that name put in. */
    function withNested(name: string, from: readonly Json[]): string {
      const at = from.findIndex((one) => one["kind"] === "name" && one["name"] === name);
      const rest = from.slice(at + 1);
      const next = rest.findIndex(({ kind }) => kind !== "entry");
      const own = [from[at]!, ...(next === -1 ? rest : rest.slice(0, next))];
      const behind = lines.findIndex((one) => {
        return one["kind"] === "name" && isBehind(String(one["name"]), name);
      });
      const place = behind === -1 ? lines.length : behind;
      return ended([...lines.slice(0, place), ...own, ...lines.slice(place)].map(stringify));
    }

    it("delete nothing below, and write no marks for it", async () => {
      const own = `own.${NESTED_DOMAIN}`;
      const deleted = linesOf(
        appended(below, "own.team", () => ({ authority: SERVICE, action: "delete", after: null })),
      );
      expect(await toldOf(own, withNested(own, deleted), here.pool)).to.equal(
        `refused: here it lies under the domain ${NESTED_DOMAIN}`,
      );
      const gone = `gone.${NESTED_DOMAIN}`;
      const marked = structuredClone(below);
      const line = marked.find(({ name }) => name === gone)!;
      line["servedBefore"] = [toHex(bytes(32, 0x77))];
      expect(await toldOf(gone, withNested(gone, marked), here.pool)).to.equal(
        `refused: here it lies under the domain ${NESTED_DOMAIN}`,
      );
      const { rows } = await here.pool.query("select from source_retired where node = $1", [
        namehash(gone),
      ]);
      expect(rows).to.have.length(0);
    });
  });

  describe("about a domain", () => {
    it("connect no resolver to one that is here, which would decide whose signatures count", async () => {
      const here = await openRegistry();
      await writeAsService(here.stores, DOMAIN, under("first"), [{ kind: "create" }]);
      const before = await here.stores.domains.resolversOf(DOMAIN);
      for (const dryRun of [true, false]) {
        const { outcomes } = await transfer.imported(here.pool, text, { dryRun });
        expect(outcomes.counts["resolver"]).to.deep.equal({ kept: 1, unchanged: 1 });
        expect(outcomes.remarks.filter(({ kind }) => kind === "resolver")).to.deep.equal([
          {
            kind: "resolver",
            name: DOMAIN,
            outcome: "kept",
            reason: `0x${"55".repeat(20)} on chain 5 does not answer for it here; \`signpost domain connect\` connects it`,
          },
        ]);
      }
      expect(await here.stores.domains.resolversOf(DOMAIN)).to.deep.equal(before);
      await here.close();
    });

    it("make none out of names of another domain", async () => {
      const here = await openMigratedPool();
      const stores = { names: nameStore(here.pool), domains: domainStore(here.pool) };
      const served = { domain: "example.eth", chainId: 1n, resolver: bytes(20, 0x44) };
      await addDomain(stores.domains, served, apiKeyFrom(bytes(32, 0x44)));
      const notMade = async () => {
        for (const dryRun of [true, false]) {
          await expectRejection(
            transfer.imported(here.pool, text, { dryRun }),
            "INVALID_REQUEST",
            /of another domain .*`signpost domain add users\.example\.eth/,
          );
        }
        const domains = await stores.domains.domains();
        expect(domains.map(({ name }) => name)).to.deep.equal(["example.eth"]);
      };
      const name = under("theirs");
      await stores.domains.reserve({
        ...{ domain: "example.eth", name: name as never, wallet: null, untilMs: null },
      });
      await notMade();
      await stores.domains.removeReservation("example.eth", name as never);
      await writeAsService(stores, "example.eth", name, [{ kind: "create" }]);
      await notMade();
      expect((await stores.names.nameOf(namehash(name)))?.domain).to.equal("example.eth");
      await here.close();
    });
  });

  describe("with profiles that must not come back here", () => {
    const retire = (pool: MigratedPool["pool"], table: string, label: string, shown: string) =>
      pool.query(`insert into ${table} (node, profile_fingerprint) values ($1, $2)`, [
        namehash(under(label)),
        Buffer.from(shown.slice(2), "hex"),
      ]);
    const shownIn = (label: string) => {
      const line = lines.find((one) => one["kind"] === "name" && one["name"] === under(label))!;
      return (line["state"] as NameState).profileFingerprint!;
    };

    for (const table of ["retired_profile", "source_retired"]) {
      it(`do not bring one back in a new name (${table})`, async () => {
        const empty = await openMigratedPool();
        await retire(empty.pool, table, "ada", shownIn("ada"));
        expect(await toldOf(under("ada"), text, empty.pool)).to.match(
          /^refused: it brings back a profile that was replaced or deleted here/,
        );
        await empty.close();
      });
    }

    it("do not bring one back by further entries, unless its owner signed for it", async () => {
      const here = await openRegistry();
      const there = await openRegistry();
      const sign = recordedBy(there.stores);
      const [first] = await profilesOf(owner, 1);
      for (const label of ["one", "two"]) {
        await writeAsService(there.stores, DOMAIN, under(label), [{ kind: "create" }]);
      }
      await transfer.imported(here.pool, await transfer.exported(there.pool));
      await there.publish(under("one"), owner.address, first);
      await there.publish(under("two"), owner.address, first);
      await sign({ wallet: owner, name: under("two"), action: "deleteProfile", sequence: 1 });
      await sign({
        ...{ wallet: owner, name: under("two"), action: "publishProfile", sequence: 2 },
        content: { signedUserProfile: first },
      });
      const { profileFingerprint: shown } = (await there.stored(under("one")))!;
      for (const label of ["one", "two"]) {
        await retire(here.pool, "retired_profile", label, toHex(shown!));
      }
      const later = await transfer.exported(there.pool);
      expect(await toldOf(under("one"), later, here.pool)).to.match(
        /^refused: it brings back a profile that was replaced or deleted here/,
      );
      expect((await here.stored(under("two")))?.profileFingerprint).to.deep.equal(shown);
      await Promise.all([here.close(), there.close()]);
    });
  });

  it("with states of other types are refused by name, in the last state and before it", async () => {
    const changes: Record<string, [object, RegExp]> = {
      held: [{ held: "yes" }, /patch\.held.*boolean/],
      owner: [{ addresses: { "60": "0x1234" } }, /patch\.addresses.*must have 20 bytes at 60/],
      text: [{ texts: { url: 1 } }, /patch\.texts\.url.*string/],
      map: [{ data: { key: "no hex" } }, /patch\.data\.key/],
      "a name": [{ nameRecord: 5 }, /nameRecord/],
      suspension: [{ suspension: { by: "nobody", reason: "", atMs: 1 } }, /patch\.suspension\.by/],
      date: [{ suspension: { by: "admin", reason: "", atMs: 1e300 } }, /suspension\.atMs/],
    };
    const name = under("bare");
    const empty = await openMigratedPool();
    for (const [what, [change, reason]] of Object.entries(changes)) {
      const changed = appended(lines, "bare", (state) => ({
        ...{ authority: SERVICE, action: "setRecords" },
        after: { ...state, ...change },
      }));
      expect(await toldOf(name, changed), what).to.match(
        new RegExp(`^refused: entry 2: Its change is not as expected: .*${reason.source}`),
      );
      const older = structuredClone(lines);
      const line = older.find((one) => one["kind"] === "name" && one["name"] === under("older"))!;
      line["state"] = { ...(line["state"] as object), ...change };
      expect(await toldOf(under("older"), ended(older.map(stringify)), empty.pool), what).to.match(
        /^refused: Its state is not as expected: /,
      );
    }
    await empty.close();
  });

  it("do not keep the machine busy by a state that is larger than records can be", async () => {
    const changed = appended(lines, "bare", (state) => ({
      ...{ authority: SERVICE, action: "setRecords" },
      after: { ...state, texts: { a: "x".repeat(2 * 1024 * 1024) } },
    }));
    expect(await toldOf(under("bare"), changed)).to.match(
      /^refused: entry 2: its state has more than 2097152 characters/,
    );
  });

  it("do not keep it busy by many small changes of a large state", async function () {
    // it makes 280 MB of entries first
    this.timeout(270_000);
    const name = under("bare");
    const base = lines.find((one) => one["name"] === name)!["state"] as NameState;
    const texts = { a: "x".repeat(2_000_000) };
    const entries: SealedEntry[] = [];
    let [end, before]: [HistoryEnd | null, NameState | null] = [null, null];
    for (let index = 0; index < 140; index++) {
      const after = { ...base, texts: { ...texts, b: String(index) } };
      const step = { ...{ name, before, after, atMs: 1 }, authority: SERVICE };
      const added = appendEntry(end, { ...step, action: "setRecords" });
      entries.push(added.sealed);
      [end, before] = [added.end, after];
    }
    const line = {
      ...(lines.find((one) => one["name"] === name) as unknown as NameLine),
      end: { number: end!.number, hash: toHex(end!.hash) },
    };
    const verified = await verifyName({ line, entries }, { domain: DOMAIN, nowMs: Date.now() });
    expect(verified)
      .to.have.property("reason")
      .that.matches(/^entry 135: its states have more than 268435456 characters together/);
  });

  it("do not end by a service what the admin suspended", async () => {
    const changed = appended(lines, "down", (state) => ({
      ...{ authority: SERVICE, action: "unsuspend" },
      after: { ...state, suspension: null },
    }));
    expect(await toldOf(under("down"), changed)).to.match(
      /^refused: entry 3: it changes what an admin suspended, in another right/,
    );
  });

  it("do not bring in the twin of a name that is made at the same moment", async () => {
    const [there, here] = [await openRegistry(), await openRegistry()];
    const [a, b] = [Wallet.createRandom(), Wallet.createRandom()];
    await there.publish(under("strasse"), a.address, (await profilesOf(a, 1))[0]);
    const both = await transfer.exported(there.pool);
    const [form, own] = [namehash(under("strasse")), namehash(under("straße"))];
    const maker = await here.pool.connect();
    await maker.query("begin");
    await maker.query("insert into name_head (node) values ($1), ($2)", [form, own]);
    const importing = transfer.imported(here.pool, both);
    const waiting = `select from pg_locks where not granted and pid in (
      select pid from pg_stat_activity where datname = current_database())`;
    while ((await here.pool.query(waiting)).rowCount === 0) await setImmediate();
    await maker.query("insert into name (node, name, domain, addresses) values ($1, $2, $3, $4)", [
      own,
      under("straße"),
      DOMAIN,
      stringify({ 60: b.address.toLowerCase() }),
    ]);
    await maker.query("delete from name_head where node = $1", [form]);
    await maker.query("commit");
    maker.release();
    const { outcomes } = await importing;
    expect(outcomes.remarks.filter(({ kind }) => kind === "name")[0]?.reason).to.match(
      /are one name, and another wallet owns/,
    );
    expect(await here.stored(under("strasse"))).to.equal(null);
    await Promise.all([there.close(), here.close()]);
  });
});
