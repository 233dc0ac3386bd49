/** A primary that lies: each fault alone. What is here stays as it was, what is wrong is told, and the other names go on. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { fromHex, type Hex, toHex } from "../../src/abi/hex.js";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { stringify } from "../../src/dm3/stringify.js";
import { namehash } from "../../src/ens/namehash.js";
import { SignpostError } from "../../src/errors.js";
import { askNames } from "../../src/mirror/askNames.js";
import { followMirror, type MirrorParts } from "../../src/mirror/followMirror.js";
import { followOnce, withGoneUnread } from "../../src/mirror/followOnce.js";
import type { Primary, ToldName } from "../../src/mirror/primary.js";
import { takeFacts } from "../../src/mirror/takeFacts.js";
import { takeNames } from "../../src/mirror/takeNames.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import type { NameLine } from "../../src/transfer/form/exportLine.js";
import { LONGEST_LINE } from "../../src/transfer/form/readLine.js";
import { resealed, type SealedEntryLine } from "../capabilities/registry/transfer/changedExport.js";
import { recordedBy } from "../capabilities/registry/transfer/signedWish.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { setRecords, writeAsService } from "../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, OTHER_DOMAIN, type TestRegistry } from "../registry/openRegistry.js";
import {
  followToTheEnd,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const API_KEY = apiKeyFrom(bytes(32, 0));
const under = (label: string) => `${label}.${DOMAIN}`;
const nodeOf = (name: string): Hex => toHex(namehash(name));
const HELD = under("held");
const PLAIN = under("plain");

describe("mirror: a hostile primary", () => {
  const owner = Wallet.createRandom();
  let there: TestRegistry;
  let api: ServiceApi;
  let here: MirrorHere;
  /** The names as they were before their last change, and as they are. */
  let before: ReadonlyMap<Hex, ToldName>;
  let now: ReadonlyMap<Hex, ToldName>;

  beforeEach(async () => {
    there = await openRegistry();
    api = await openServiceApi(there.pool);
    here = await openMirrorHere();
    const place = { url: api.url, apiKey: API_KEY };
    await here.add(place);
    const sign = recordedBy(there.stores);
    const url = (value: string) => ({ records: { texts: { url: value } } });
    await there.stores.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    await sign({ wallet: owner, name: HELD, action: "claim", sequence: 1, content: {} });
    await sign({ wallet: owner, name: HELD, action: "setRecords", sequence: 2, content: url("a") });
    await writeAsService(there.stores, DOMAIN, PLAIN, [{ kind: "create" }]);
    const parts = here.parts(place);
    await followToTheEnd(parts);
    before = await toldBy(parts);
    await sign({ wallet: owner, name: HELD, action: "setRecords", sequence: 3, content: url("b") });
    await setRecords(there.stores, { domain: DOMAIN, name: PLAIN, ...url("b") });
    now = await toldBy(parts);
  });
  afterEach(async () => {
    await here.close();
    await api.close();
    await there.close();
  });

  async function toldBy({ primary }: Pick<MirrorParts, "primary">) {
    const asked = [HELD, PLAIN].map((name) => ({ node: nodeOf(name), after: 0 }));
    return new Map((await primary.names(asked)).map((one) => [one.node, one]));
  }

  /** Follows a primary that tells this of those names, and asks for others than it was told to. */
  function lying(told: (node: Hex) => ToldName, nodes: readonly Hex[]): Promise<boolean> {
    const between = (primary: Primary): Primary => ({
      ...primary,
      names: (asked) => Promise.resolve(asked.map(({ node }) => told(node))),
    });
    const parts = here.parts({ url: api.url, apiKey: API_KEY }, between);
    return parts.store.take(parts.lease, 60_000, true).then(() => takeNames(parts, nodes, null));
  }

  const shown = async (name: string) => {
    const found = await nameStore(here.pool).nameOf(namehash(name));
    return found && [found.texts.get("url") ?? null, found.sequence];
  };
  const problems = async () =>
    (await mirrorStore(here.pool).problemsOf(DOMAIN, 10)).map(
      ({ name, outcome, reason }) => `${name} ${outcome}: ${reason}`,
    );

  /** The name as it is now, changed, while the other one is as it is. */
  function changed(name: string, change: (line: NameLine, entries: SealedEntryLine[]) => void) {
    return (node: Hex): ToldName => {
      const real = now.get(node)!;
      if (node !== nodeOf(name)) return real;
      const [line, ...entries] = real.lines.map((text) => JSON.parse(text) as unknown);
      const [its, all] = [line as NameLine, entries as SealedEntryLine[]];
      change(its, all);
      return { ...real, lines: [its, ...all].map((one) => stringify(one)) };
    };
  }

  async function expectRefused(told: (node: Hex) => ToldName, reason: RegExp): Promise<void> {
    await lying(told, [nodeOf(HELD), nodeOf(PLAIN)]);
    expect(await shown(HELD)).to.deep.equal(["a", 2]);
    expect(await shown(PLAIN), "the other name goes on").to.deep.equal(["b", 0]);
    const [problem = "", ...others] = await problems();
    expect(others).to.deep.equal([]);
    expect(problem).to.match(reason);
  }

  it("takes the true ones, so that the faults below are what is refused", async () => {
    await lying((node) => now.get(node)!, [nodeOf(HELD), nodeOf(PLAIN)]);
    expect([await shown(HELD), await shown(PLAIN)]).to.deep.equal([
      ["b", 3],
      ["b", 0],
    ]);
    expect(await problems()).to.deep.equal([]);
  });

  it("forges no signature of an owner", () =>
    expectRefused(
      changed(HELD, (line, entries) => {
        const { authority } = entries.at(-1)!.entry as unknown as {
          authority: { signature: string };
        };
        const signature = fromHex(authority.signature);
        signature[10]! ^= 1;
        authority.signature = toHex(signature);
        resealed(line, entries);
      }),
      /held\.users\.example\.eth refused: entry 3/,
    ));

  it("changes no state that a history does not lead to", () =>
    expectRefused(
      changed(HELD, (line) => {
        (line.state as unknown as { texts: Record<string, string> }).texts = { url: "evil" };
      }),
      /held\.users\.example\.eth refused/,
    ));

  it("takes back no sequence", () =>
    expectRefused(
      changed(HELD, (line) => {
        Object.assign(line.marks, { sequence: 1 });
      }),
      /held\.users\.example\.eth refused/,
    ));

  it("goes back to no earlier state", async () => {
    const full = (node: Hex) => now.get(node)!;
    await lying(full, [nodeOf(HELD), nodeOf(PLAIN)]);
    await lying((node) => before.get(node)!, [nodeOf(HELD), nodeOf(PLAIN)]);
    expect([await shown(HELD), await shown(PLAIN)]).to.deep.equal([
      ["b", 3],
      ["b", 0],
    ]);
    expect(await problems()).to.deep.equal([
      `${HELD} kept: what is here is newer`,
      `${PLAIN} kept: what is here is newer`,
    ]);
  });

  it("tells of no name of another domain, nor of another name than was asked for", async () => {
    const others = under("mine");
    await writeAsService(there.stores, OTHER_DOMAIN, `x.${OTHER_DOMAIN}`, [{ kind: "create" }]);
    const strange = stringify({
      ...(JSON.parse(now.get(nodeOf(PLAIN))!.lines[0]!) as object),
      name: `x.${OTHER_DOMAIN}`,
    });
    await lying(
      (node) => ({
        node,
        lines: [strange, ...now.get(nodeOf(PLAIN))!.lines.slice(1)],
        isWhole: true,
      }),
      [nodeOf(`x.${OTHER_DOMAIN}`)],
    );
    await lying(() => ({ ...now.get(nodeOf(PLAIN))!, node: nodeOf(others) }), [nodeOf(others)]);
    expect(await shown(`x.${OTHER_DOMAIN}`)).to.equal(null);
    expect(await shown(others)).to.equal(null);
    expect(await shown(PLAIN)).to.deep.equal([null, 0]);
    expect((await problems()).sort()).to.deep.equal([
      `${PLAIN} refused: it is another name than the one that was asked for`,
      `x.${OTHER_DOMAIN} refused: it does not lie under ${DOMAIN}`,
    ]);
  });

  it("is not followed where it answers about names that nobody asked for", async () => {
    const answer = lying(() => now.get(nodeOf(PLAIN))!, [nodeOf(HELD)]);
    await expectRejection(answer, "UNREACHABLE", /about other names/);
    expect(await shown(PLAIN)).to.deep.equal([null, 0]);
  });

  it("writes no huge line, and none in another form", async () => {
    const huge = { ...now.get(nodeOf(PLAIN))!, lines: ["x".repeat(LONGEST_LINE + 1)] };
    const answer = lying(() => huge, [nodeOf(PLAIN)]);
    await expectRejection(answer, "EXPORT_MALFORMED", /longer than/);
    const deep = { ...huge, lines: [`{"end":${"[".repeat(40)}${"]".repeat(40)}}`] };
    await expectRejection(
      lying(() => deep, [nodeOf(PLAIN)]),
      "EXPORT_MALFORMED",
      /nested deeper/,
    );
    expect(await shown(PLAIN)).to.deep.equal([null, 0]);
  });

  it("fills no memory with long names: few of them are held at a time", async () => {
    const nodes = ["a", "b", "c"].map((label) => nodeOf(under(label)));
    const lines = ["x".repeat(9 * 1024 * 1024)];
    const names = (asked: readonly { readonly node: Hex }[]) =>
      Promise.resolve(asked.map(({ node }) => ({ node, lines, isWhole: true })));
    expect(await askNames({ names }, nodes)).to.have.length(1);
  });

  it("keeps nobody busy with a history without an end", async () => {
    const { lines } = now.get(nodeOf(PLAIN))!;
    const entry = lines[1]!;
    let asked = 0;
    await lying(
      (node) => {
        asked++;
        return { node, lines: [lines[0]!, ...Array<string>(20_000).fill(entry)], isWhole: false };
      },
      [nodeOf(PLAIN)],
    );
    expect(asked).to.be.below(10);
    expect(await shown(PLAIN)).to.deep.equal([null, 0]);
    expect((await problems()).join()).to.match(/more than 100000 entries/);
  });

  it("holds no more than one name of which it is told in pieces", async () => {
    const { lines } = now.get(nodeOf(PLAIN))!;
    let asked = 0;
    const answer = lying(
      (node) => {
        asked++;
        return {
          node,
          lines: [lines[0]!, ...Array<string>(5_000).fill(lines[1]!)],
          isWhole: false,
        };
      },
      [nodeOf(HELD), nodeOf(PLAIN)],
    );
    await expectRejection(answer, "UNREACHABLE", /in the midst of a page/);
    expect(asked).to.equal(2);
  });

  it("asks for no name in crumbs", async () => {
    const [line, entry] = now.get(nodeOf(PLAIN))!.lines;
    let asked = 0;
    const answer = lying(
      (node) => {
        asked++;
        return { node, lines: [line!, entry!], isWhole: false };
      },
      [nodeOf(PLAIN)],
    );
    await expectRejection(answer, "UNREACHABLE", /too small pieces/);
    expect(asked).to.equal(1);
  });

  it("shows a terminal nothing but text", async () => {
    const { lines } = now.get(nodeOf(PLAIN))!;
    const name = `\u001b[2Jx.${DOMAIN}`;
    const strange = stringify({ ...(JSON.parse(lines[0]!) as object), name });
    await lying(
      (node) => ({ node, lines: [strange, ...lines.slice(1)], isWhole: true }),
      [nodeOf(PLAIN)],
    );
    const [problem] = await mirrorStore(here.pool).problemsOf(DOMAIN, 10);
    expect(problem?.name).to.equal(`[2Jx.${DOMAIN}`);
  });

  /** Between its true answers, these. */
  async function stepWith(answers: Partial<Primary>): Promise<unknown> {
    const place = { url: api.url, apiKey: API_KEY };
    const parts = here.parts(place, (primary) => ({ ...primary, ...answers }));
    const mirror = (await parts.store.take(parts.lease, 60_000, true))!;
    if (!(await takeFacts(parts, mirror))) return "lost";
    return followOnce(parts, answers.gone ? withGoneUnread(mirror) : mirror, 0);
  }

  it("keeps nobody busy with lists that lead to themselves", async () => {
    const { cursor } = (await mirrorStore(here.pool).mirrorOf(DOMAIN))!.progress;
    const feed = stepWith({
      changes: (after) => Promise.resolve({ nodes: [], next: after ?? "", isEnd: false }),
    });
    expect(await feed, "which rests").to.equal("empty");
    const gone = stepWith({
      gone: () => Promise.resolve({ nodes: [], next: `0x${"00".repeat(32)}` }),
    });
    expect(await gone).to.equal("empty");
    const again = stepWith({
      gone: () => Promise.resolve({ nodes: [], next: "" as Hex }),
    });
    await expectRejection(again, "UNREACHABLE", /list of names that are gone leads to itself/);
    const reservations = stepWith({
      domain: async () => ({ lines: await domainLines(), reservations: "others" }),
      reservations: (after) => Promise.resolve({ lines: [], next: `${after}x` }),
    });
    await expectRejection(reservations, "UNREACHABLE", /pages of reservations/);
    expect(cursor).to.not.equal(null);
  });

  it("is read from its beginning once where that is outdated, too", async () => {
    const outdated = {
      changes: () => Promise.reject(new SignpostError("CURSOR_OUTDATED", "O.", {})),
    };
    expect(await stepWith(outdated)).to.equal("empty");
    await expectRejection(stepWith(outdated), "CURSOR_OUTDATED", /O/);
  });

  it("fills no table with names that cannot be taken: from a number on, nothing more is read", async () => {
    await here.pool.query(
      `insert into mirror_problem (domain, node, name, outcome, reason)
       select $1, sha256(number::text::bytea), null, 'refused', 'r' from generate_series(1, 10000) number`,
      [DOMAIN],
    );
    let asked = 0;
    const changes = () => {
      asked++;
      return Promise.resolve({ nodes: [], next: "", isEnd: false });
    };
    const place = { url: api.url, apiKey: API_KEY };
    const parts = here.parts(place, (primary) => ({ ...primary, changes }));
    const rest = (ms: number, ended?: AbortSignal) => {
      if (ended !== undefined) return parts.rest(ms, ended);
      parts.giveUp();
      return Promise.resolve();
    };
    await here.pool.query("update mirror set lease_until = null");
    await followMirror({ ...parts, rest });
    const { failure } = (await mirrorStore(here.pool).mirrorOf(DOMAIN))!;
    expect(failure).to.match(/At least 10000 names .* cannot be taken/);
    expect(asked).to.equal(0);
  });

  async function domainLines(): Promise<readonly string[]> {
    return (await here.parts({ url: api.url, apiKey: API_KEY }).primary.domain()).lines;
  }
});
