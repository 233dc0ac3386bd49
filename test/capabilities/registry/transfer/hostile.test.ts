/**
 * Exports that somebody changed, or made up: each fault alone, and otherwise right, with its hashes made anew. Nothing comes
 * of them that may not, and what is wrong is said by name.
 */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { toHex } from "../../../../src/abi/hex.js";
import { nameStore } from "../../../../src/db/nameStore.js";
import { stringify } from "../../../../src/dm3/stringify.js";
import { namehash } from "../../../../src/ens/namehash.js";
import { appendEntry, type Step } from "../../../../src/registry/history/historyChain.js";
import { entryHash } from "../../../../src/registry/history/historyEntry.js";
import { applyChange } from "../../../../src/registry/history/stateChange.js";
import { type NameState, stateDigest } from "../../../../src/registry/names/nameState.js";
import type { NameLine } from "../../../../src/transfer/form/exportLine.js";
import { type MigratedPool, openMigratedPool } from "../../../db/migratedPool.js";
import { bytes } from "../../../db/sampleNames.js";
import { expectRejection } from "../../../expectError.js";
import { DOMAIN, openRegistry } from "../../../registry/openRegistry.js";
import { REGISTRY_RESOLVER, signRequest } from "../../../registry/signed/signedRequests.js";
import {
  appended as appendedTo,
  ended,
  type Json,
  linesOf,
  resealed,
  type SealedEntryLine,
  withName as withNameOf,
  writable,
} from "./changedExport.js";
import { under } from "./filledDomain.js";
import { type FilledExport, openFilledExport } from "./filledExport.js";
import type { Transfer } from "./openTransfer.js";

describe("capabilities/registry/transfer: hostile exports", () => {
  let opened: FilledExport;
  let transfer: Transfer;
  let target: MigratedPool;
  let text: string;
  let lines: Json[];
  let owner: FilledExport["owner"];

  before(async () => {
    opened = await openFilledExport();
    ({ owner, transfer, text, lines, target } = opened);
  });
  after(async () => {
    await opened.close();
  });

  const withName = (label: string, change: Parameters<typeof withNameOf>[2]) =>
    withNameOf(lines, label, change);
  const appended = (label: string, step: Parameters<typeof appendedTo>[2]) =>
    appendedTo(lines, label, step);

  /** What is told of one name, where the import goes on with the others. */
  async function toldOf(label: string, changed: string, pool = target.pool) {
    const before = await nameStore(pool).nameOf(namehash(under(label)));
    const { outcomes } = await transfer.imported(pool, changed);
    expect(await nameStore(pool).nameOf(namehash(under(label)))).to.deep.equal(before);
    const told = outcomes.remarks.filter(({ name }) => name === under(label));
    expect(told, JSON.stringify(outcomes.counts["name"])).to.have.length(1);
    return `${told[0]!.outcome}: ${told[0]!.reason}`;
  }

  describe("in an installation that has nothing yet", () => {
    it("refuse a name whose history, state or marks are not what they say", async () => {
      const changes: Record<
        string,
        [(line: NameLine, entries: SealedEntryLine[]) => void, RegExp]
      > = {
        hash: [
          (_, entries) => (entries[0]!.hash = toHex(bytes(32, 1))),
          /entry 1: its hash is not the hash of its content/,
        ],
        content: [
          (_, entries) => (entries[0]!.entry = { ...entries[0]!.entry, atMs: 1 }),
          /entry 1: its hash is not the hash/,
        ],
        chain: [
          (line, entries) => {
            resealed(line, entries);
            const second = entries[1]!;
            second.entry = { ...second.entry, previous: toHex(bytes(32, 1)) };
            second.hash = toHex(entryHash(second.entry));
            writable(line).end = { number: 2, hash: second.hash as `0x${string}` };
          },
          /entry 2: its previous hash is not/,
        ],
        signature: [
          (line, entries) => {
            const { authority } = entries[1]!.entry;
            if (authority.kind !== "owner") throw new Error("not signed");
            const forged = `${authority.signature.slice(0, 20)}00${authority.signature.slice(22)}`;
            entries[1]!.entry = {
              ...entries[1]!.entry,
              authority: { ...authority, signature: forged as `0x${string}` },
            };
            resealed(line, entries);
          },
          /entry 2: its signature is not by the wallet that it names/,
        ],
        "missing entry": [(_, entries) => entries.pop(), /it has 1 entries, where its line says 2/],
        "end hash": [
          (line) => (writable(line).end = { number: 2, hash: toHex(bytes(32, 7)) }),
          /its hash is not the one that the line of the name says/,
        ],
        "lower sequence": [
          (line) => (writable(line.marks).sequence = 0),
          /the stored signature state is not what its history leads to/,
        ],
        "higher sequence": [
          (line) => (writable(line.marks).sequence = 9),
          /the stored signature state is not/,
        ],
        "given up": [
          (line) => (writable(line.marks).givenUpBy = [toHex(bytes(20, 1))]),
          /the stored signature state is not/,
        ],
        "a profile more that must not come back": [
          (line) => line.retired.push(toHex(bytes(32, 1))),
          /a profile that was never replaced or deleted could not be published/,
        ],
        "another text": [
          (line) => ((line.state!.texts as Json)["url"] = "evil"),
          /the row of the name is not what its history leads to/,
        ],
        "held by nobody": [
          (line) => (writable(line.state!).held = false),
          /the row of the name is not what/,
        ],
        "a field of the state": [
          (line) => ((line.state as unknown as Json)["more"] = 1),
          /Its state is not as expected: .*more/,
        ],
        "a state of another name": [
          (line) => (writable(line.state!).name = under("bare")),
          /its state is that of bare/,
        ],
        "a state of another domain": [
          (line) => (writable(line.state!).domain = "other.eth"),
          /under other\.eth/,
        ],
        "an entry of another name": [
          (line, entries) => {
            entries[0]!.entry = { ...entries[0]!.entry, name: under("bare") };
            resealed(line, entries);
          },
          /entry 1: it is about bare/,
        ],
        "a date ahead": [
          (line, entries) => {
            entries[0]!.entry = { ...entries[0]!.entry, atMs: Date.now() + 1e9 };
            resealed(line, entries);
          },
          /entry 1: it is dated ahead/,
        ],
      };
      for (const [what, [change, reason]] of Object.entries(changes)) {
        const empty = await openMigratedPool();
        try {
          const told = await toldOf("held", withName("held", change), empty.pool);
          expect(told, what).to.match(new RegExp(`^refused: .*${reason.source}`));
        } finally {
          await empty.close();
        }
      }
    });

    it("refuse a profile that no wallet signed, although the history of a service tells of it", async () => {
      const evil = withName("ada", (line, entries) => {
        const forged = (state: NameState): NameState => ({
          ...state,
          addresses: { "60": toHex(bytes(20, 0xee)) },
        });
        const state = forged(line.state!);
        const last = entries.at(-1)!;
        let before: NameState | null = null;
        for (const { entry } of entries.slice(0, -1)) before = applyChange(before, entry.change);
        const end = entries.length - 1;
        const sealed = appendEntry(
          {
            number: end,
            hash: Buffer.from(last.entry.previous.slice(2), "hex") as never,
            after: stateDigest(before),
          },
          {
            name: line.name,
            atMs: last.entry.atMs,
            authority: last.entry.authority,
            action: "publishProfile",
            before,
            after: state,
          },
        );
        entries[end] = {
          kind: "entry",
          entry: sealed.sealed.entry,
          hash: toHex(sealed.sealed.hash),
        };
        Object.assign(line, { state, end: { number: end + 1, hash: toHex(sealed.end.hash) } });
      });
      const empty = await openMigratedPool();
      try {
        expect(await toldOf("ada", evil, empty.pool)).to.match(
          /^refused: The profile was not signed by/,
        );
      } finally {
        await empty.close();
      }
    });
  });

  describe("in an installation that has the names", () => {
    before(async () => {
      const { outcomes } = await transfer.imported(target.pool, text);
      expect(outcomes.remarks).to.deep.equal([]);
    });

    it("cannot take over what an owner holds, without a signature", async () => {
      const service = { kind: "service", keyId: "1" } as const;
      const evil = appended("held", (state) => ({
        authority: service,
        action: "setRecords",
        after: { ...state, texts: { url: "evil" } },
      }));
      expect(await toldOf("held", evil)).to.match(
        /^refused: entry 3: it changes without a signature what the owner/,
      );
      const freed = appended("held", () => ({ authority: service, action: "delete", after: null }));
      expect(await toldOf("held", freed)).to.match(
        /^refused: entry 3: it changes without a signature/,
      );
      const found = appended("held", (state) => ({
        authority: { kind: "database" },
        action: "found",
        after: { ...state, held: false },
      }));
      expect(await toldOf("held", found)).to.match(
        /^refused: entry 3: it changes without a signature/,
      );
    });

    it("cannot take it over by the signature of a stranger", async () => {
      const stranger = Wallet.createRandom();
      const evil = await signedOn("held", stranger, { records: { texts: { url: "evil" } } });
      expect(await toldOf("held", evil)).to.match(
        /^refused: entry 3: another wallet than the owner's signed it/,
      );
    });

    it("cannot use a signature that is for another registry", async () => {
      const other = { chainId: 5n, resolver: bytes(20, 0x77) };
      const evil = await signedOn("held", owner, { records: { texts: { url: "w" } } }, other);
      expect(await toldOf("held", evil)).to.match(
        /^refused: entry 3 was signed for the resolver 0x7{40} on chain 5/,
      );
    });

    it("cannot pass off a signature as that of a contract wallet", async () => {
      const stranger = Wallet.createRandom();
      const content = { records: { texts: { url: "evil" } } };
      const evil = await signedOn("held", stranger, content, REGISTRY_RESOLVER, owner.address);
      expect(await toldOf("held", evil)).to.match(
        /^refused: entry 3 was signed by a contract wallet, and its chain was not asked/,
      );
    });

    it("take in what the owner did sign", async () => {
      const good = await signedOn("held", owner, { records: { texts: { url: "good" } } });
      const { outcomes } = await transfer.imported(target.pool, good);
      expect(outcomes.counts["name"]).to.include({ imported: 1 });
      expect(
        (await nameStore(target.pool).nameOf(namehash(under("held"))))?.texts.get("url"),
      ).to.equal("good");
    });

    /** An entry more, in which a wallet signed for other texts. */
    async function signedOn(
      label: string,
      wallet: HDNodeWallet,
      content: { readonly records: { readonly texts: Record<string, string> } },
      signedFor = REGISTRY_RESOLVER,
      asContract?: string,
    ): Promise<string> {
      const name = under(label);
      const wish = {
        domain: DOMAIN,
        name,
        action: "setRecords",
        sequence: 2,
        content,
        signedFor,
      } as const;
      const { resolver, signature, request } = await signRequest(wallet, wish);
      const authority = {
        ...{ kind: "owner", chainId: signedFor.chainId.toString(), resolver, signature, request },
        address: asContract ?? wallet.address,
        ...(asContract !== undefined && { acceptedAtBlock: "1" }),
        content: stringify(content),
      } as unknown as Step["authority"];
      const evil = appended(label, (state) => ({
        authority,
        action: "setRecords",
        after: {
          ...state,
          texts: {
            ...content.records.texts,
            "network.dm3.profile": state.texts["network.dm3.profile"]!,
          },
        },
      }));
      const copy = linesOf(evil).slice(0, -1);
      const line = copy.find((one) => one["kind"] === "name" && one["name"] === name)!;
      const marks = line["marks"] as Json;
      const entry = copy[copy.indexOf(line) + 3] as unknown as SealedEntryLine;
      Object.assign(marks, {
        sequence: 2,
        writesAfterSec: Math.floor(entry.entry.atMs / 1000) + 900,
        ...(asContract !== undefined && { ownerChain: signedFor.chainId.toString() }),
      });
      return ended(copy.map(stringify));
    }
  });

  describe("that are none", () => {
    const notTaken = async (
      changed: string,
      code: "EXPORT_MALFORMED" | "EXPORT_CUT_OFF",
      sentence: RegExp,
    ) => {
      const empty = await openMigratedPool();
      try {
        await expectRejection(transfer.imported(empty.pool, changed), code, sentence);
        const { rows } = await empty.pool.query("select from name");
        expect(rows).to.have.length(0);
      } finally {
        await empty.close();
      }
    };
    const texts = () => lines.map(stringify);

    it("stop before anything is written where the file is cut off, or was changed", async () => {
      await notTaken(text.slice(0, -1), "EXPORT_CUT_OFF", /its end line is missing/);
      await notTaken(text.slice(0, text.length >> 1), "EXPORT_CUT_OFF", /its end line is missing/);
      await notTaken(`${texts().join("\n")}\n`, "EXPORT_CUT_OFF", /its end line is missing/);
      await notTaken(text.replace("avatar", "avatas"), "EXPORT_MALFORMED", /not as it was written/);
      await notTaken("", "EXPORT_MALFORMED", /no line/);
      await notTaken("{}\n", "EXPORT_MALFORMED", /Line 1 .* no export of Signpost/);
      await notTaken("not json\n", "EXPORT_MALFORMED", /Line 1 .* not JSON/);
    });

    it("say which line is wrong, and how", async () => {
      const first = texts().findIndex((line) => line.startsWith('{"end":'));
      const at = (change: (line: string) => string) =>
        ended(texts().map((line, index) => (index === first ? change(line) : line)));
      const number = first + 1;
      const name = (line: string) => JSON.parse(line) as Json;
      const cases: [string, RegExp][] = [
        [at((line) => stringify({ ...name(line), more: 1 })), /Line \d+ .*more/],
        [at((line) => stringify({ ...name(line), served: undefined })), /served/],
        [
          at((line) => JSON.stringify(name(line), null, 1).replaceAll("\n", "")),
          /not known here|canonical|expected|no JSON|before any name/,
        ],
        [
          at((line) => line.replace('"kind":"name"', '"kind":"name","kind":"name"')),
          /canonical JSON/,
        ],
        [
          at((line) => `${line.slice(0, -1)},"x":${"[".repeat(100)}${"]".repeat(100)}}`),
          /nested deeper/,
        ],
        [
          at((line) => line.replace('"retired":[', `"retired":["${"x".repeat(9_000_000)}",`)),
          /longer than/,
        ],
        [at((line) => line.replace('"name":"', '"name":"\\u0000')), /U\+0000/],
        [at((line) => line.replace('"name":"', '"name":"\\ud800')), /half of a pair/],
        [
          ended([...texts(), stringify({ kind: "subscription", to: "x" })]),
          /the kind "subscription" is not known here/,
        ],
        [
          ended([texts()[0]!.replace('"form":1', '"form":2'), ...texts().slice(1)]),
          /upgrade first/,
        ],
        [ended([texts()[0]!, ...texts().slice(2)]), /one line about the domain/],
        [
          ended(texts()).replace('"kind":"end"', '"kind":"end","more":1'),
          /^The end line of the export: .*more/,
        ],
      ];
      for (const [index, [changed, sentence]] of cases.entries()) {
        try {
          await notTaken(changed, "EXPORT_MALFORMED", sentence);
        } catch (error) {
          throw new Error(`case ${index}, line ${number}: ${String(error)}`, { cause: error });
        }
      }
    });

    it("stop where names stand twice, or in another order", async () => {
      const all = texts();
      const at = all.findIndex((line) => line.startsWith('{"end":null'));
      const twice = ended([...all.slice(0, at), all[at]!, ...all.slice(at)]);
      await notTaken(twice, "EXPORT_MALFORMED", /not in their order, or one stands twice/);
    });

    it("tell where the end line counts other lines than there are", async () => {
      const empty = await openMigratedPool();
      const good = ended(texts());
      const counts = JSON.parse(good.trimEnd().split("\n").at(-1)!) as { counts: Json };
      counts.counts["name"] = 1;
      const changed = `${good.trimEnd().split("\n").slice(0, -1).join("\n")}\n${stringify(counts)}\n`;
      const { areCountsRight } = await transfer.imported(empty.pool, changed);
      expect(areCountsRight).to.equal(false);
      await empty.close();
    });
  });

  describe("against the rules of here", () => {
    it("do not get names of another domain in", async () => {
      const label = "other";
      const outside = `${label}.other.eth`;
      const at = lines.findIndex(({ name }) => name === under("sourced"));
      const older = lines.find(({ name }) => name === under("older"))!;
      const line = { ...structuredClone(older), name: outside };
      const changed = ended([...lines.slice(0, at), line, ...lines.slice(at)].map(stringify));
      const empty = await openMigratedPool();
      const { outcomes } = await transfer.imported(empty.pool, changed);
      expect(outcomes.remarks).to.deep.equal([
        {
          kind: "name",
          name: outside,
          outcome: "refused",
          reason: `it does not lie under ${DOMAIN}`,
        },
      ]);
      await empty.close();
    });

    it("do not get a name in that is reserved here for another wallet, nor the twin of another's", async () => {
      const registry = await openRegistry();
      const { stores, pool } = registry;
      const wallet = bytes(20, 0xaa);
      await stores.domains.reserve({
        domain: DOMAIN,
        name: under("ada") as never,
        wallet,
        untilMs: null,
      });
      const { outcomes } = await transfer.imported(pool, text);
      const told = outcomes.remarks.filter(({ kind }) => kind === "name");
      expect(told.map(({ name, reason }) => `${name}: ${reason}`)).to.deep.equal([
        `${under("ada")}: it is reserved here, and not for ${owner.address}`,
      ]);
      await registry.close();
    });
  });
});
