/** The gateway's cache, on a real registry: what is given again, and what never is. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { getBytes } from "ethers";
import { recordSource } from "../../../src/db/recordSource.js";
import { namehash } from "../../../src/ens/namehash.js";
import { type Answers, createAnswers } from "../../../src/gateway/cache/answers.js";
import { createGateway } from "../../../src/gateway/gateway.js";
import { localGatewaySigner } from "../../../src/gateway/gatewaySigner.js";
import type { RecordSource } from "../../../src/registry/store.js";
import { bytes } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { setRecords, writeAsService } from "../../registry/changes/serviceWrites.js";
import {
  DOMAIN,
  openRegistry,
  OTHER_DOMAIN,
  type TestRegistry,
} from "../../registry/openRegistry.js";
import { decodeResult, textRequest, verifyAnswer } from "../ensRequest.js";

const RESOLVER = bytes(20, 0);
const VALIDITY_SEC = 240;
const ALICE = `alice.${DOMAIN}`;
const REQUEST = textRequest(ALICE, "avatar");

describe("gateway/answers", () => {
  let registry: TestRegistry;
  let nowMs: number;
  let signatures: number;
  let reads: number;
  let lastRead: ReturnType<RecordSource["recordsOf"]>;
  /** How far the clock moves while the database is read. */
  let readTakesMs: number;
  let lost: Error | null;
  let answers: Answers<Uint8Array>;

  before(async () => {
    registry = await openRegistry();
  });
  after(() => registry.close());
  beforeEach(async () => {
    nowMs = 1_900_000_000_000;
    signatures = 0;
    lost = null;
    readTakesMs = 0;
    await write("first");
    answers = answersWith();
    // an answer is kept from the second time on
    await avatar();
    await avatar();
    signatures = 0;
    reads = 0;
  });

  /** When what was looked up in advance has come. */
  async function renewed(): Promise<void> {
    while (reads === 0) await nextTurn();
    await lastRead.catch(() => undefined);
    await nextTurn();
    reads = 0;
  }

  const write = (text: string) =>
    setRecords(registry.stores, {
      domain: DOMAIN,
      name: ALICE,
      records: { texts: { avatar: text } },
    });

  function answersWith(mostBytes = 1_000_000): Answers<Uint8Array> {
    const signer = localGatewaySigner(bytes(32, 0x11));
    const known = recordSource(registry.pool);
    const gateway = createGateway({
      records: {
        ...known,
        serving: () => (lost ? Promise.reject(lost) : known.serving()),
        recordsOf: (node) => {
          reads++;
          const read = lost ? Promise.reject(lost) : known.recordsOf(node);
          return (lastRead = read.finally(() => (nowMs += readTakesMs)));
        },
      },
      signer: {
        signAnswer: (digest) => {
          signatures++;
          return signer.signDigest(digest);
        },
      },
      validitySec: VALIDITY_SEC,
      nowMs: () => nowMs,
    });
    return createAnswers({
      gateway,
      render: ({ data }) => ({ ready: data, bytes: data.length }),
      mostBytes,
      validitySec: VALIDITY_SEC,
      nowMs: () => nowMs,
    });
  }

  const find = (request = REQUEST) =>
    answers.find(request, { to: RESOLVER, chainId: 1n, data: getBytes(request) });

  async function avatar(): Promise<{ text: unknown; expiresSec: bigint; from: string }> {
    const fresh = answers.fresh(REQUEST);
    const { ready, from } = fresh ? { ...fresh, from: "fresh" } : await find();
    const target = { target: `0x${"00".repeat(20)}`, request: REQUEST };
    const { result, expiresSec } = verifyAnswer(ready, target);
    return { text: decodeResult("text", result), expiresSec, from };
  }

  it("signs a name that is asked for once, and keeps nothing of it", async () => {
    const request = textRequest(`once.${DOMAIN}`, "avatar");
    await find(request);
    expect(answers.fresh(request)).to.equal(null);
    expect((await find(request)).from).to.equal("registry");
    expect(answers.fresh(request)).not.to.equal(null);
    expect(signatures).to.equal(2);
  });

  it("gives an answer again for a second as it is, and after that when the name has not changed", async () => {
    for (const [laterMs, from] of [
      [0, "fresh"],
      [999, "fresh"],
      [1, "cache"],
      [999, "fresh"],
      [1, "cache"],
    ] as const) {
      nowMs += laterMs;
      expect(await avatar()).to.include({ text: "first", from });
    }
    expect(signatures).to.equal(0);
  });

  describe("counts the age of an answer from before the read, whose result may be that old:", () => {
    /** A read that began 600 ms ago has just ended. */
    async function expectFreshFor400Ms(): Promise<void> {
      readTakesMs = 0;
      nowMs += 399;
      expect((await avatar()).from).to.equal("fresh");
      nowMs += 1;
      expect((await avatar()).from).to.equal("cache");
    }

    it("one that was signed", async () => {
      answers = answersWith();
      readTakesMs = 600;
      for (let time = 0; time < 2; time++) expect((await avatar()).from).to.equal("registry");
      await expectFreshFor400Ms();
    });

    it("one that was validated", async () => {
      nowMs += 1000;
      readTakesMs = 600;
      expect((await avatar()).from).to.equal("cache");
      await expectFreshFor400Ms();
    });

    it("one that was refreshed ahead", async () => {
      nowMs += 850;
      expect((await avatar()).from).to.equal("fresh");
      nowMs += 50;
      readTakesMs = 600;
      expect((await avatar()).from).to.equal("fresh");
      await renewed();
      await expectFreshFor400Ms();
    });
  });

  it("looks ahead, many at once, for what is asked for all the time, so that nobody waits for it", async () => {
    const asFresh = { text: "first", from: "fresh" };
    for (const laterMs of [800, 49]) {
      nowMs += laterMs;
      expect(await avatar()).to.include(asFresh);
      expect(reads).to.equal(0);
    }
    nowMs += 1; // 50 ms after the first that was due
    expect(await avatar()).to.include(asFresh);
    await renewed();
    nowMs += 999;
    expect(await avatar()).to.include(asFresh);
    expect(signatures).to.equal(0);
    // that look ahead was not waited for; the second is over, and it is not known to be true any longer
    nowMs += 1;
    expect((await avatar()).from).to.equal("cache");
  });

  it("has looked ahead in vain when the name was changed, or the database is lost", async () => {
    nowMs += 850;
    await avatar();
    await write("second");
    nowMs += 50;
    expect(await avatar()).to.include({ text: "first", from: "fresh" });
    await renewed();
    nowMs += 100;
    expect(await avatar()).to.include({ text: "second", from: "registry" });

    nowMs += 850;
    await avatar();
    reads = 0;
    lost = new Error("lost");
    nowMs += 50;
    expect(await avatar()).to.include({ text: "second", from: "fresh" });
    await renewed();
    nowMs += 100;
    expect(await avatar().catch((error: unknown) => error)).to.equal(lost);
    lost = null;
    expect(await avatar()).to.include({ text: "second", from: "cache" });
  });

  it("is never older than a change by another process by more than a second", async () => {
    await write("second");
    nowMs += 999;
    expect(await avatar()).to.include({ text: "first", from: "fresh" });
    nowMs += 1;
    expect(await avatar()).to.include({ text: "second", from: "registry" });
    expect(await avatar()).to.include({ text: "second", from: "fresh" });
  });

  it("sees at once what its own process changed", async () => {
    await write("second");
    answers.invalidate(namehash(ALICE));
    expect(await avatar()).to.include({ text: "second", from: "registry" });
    // and a change of another name costs this one nothing
    nowMs += 1;
    expect(await avatar()).to.include({ text: "second", from: "cache" });
    answers.invalidate(namehash(`bob.${DOMAIN}`));
    expect(await avatar()).to.include({ text: "second", from: "fresh" });
  });

  it("does not let a lookup that began before a change answer one that came after it", async () => {
    nowMs += 1000;
    const before = find();
    await write("second");
    answers.invalidate(namehash(ALICE));
    expect(await avatar()).to.include({ text: "second" });
    await before;
    expect(await avatar()).to.include({ text: "second" });
  });

  it("signs anew when half of the validity is over, so that whoever gets it has time to use it", async () => {
    const { expiresSec } = await avatar();
    nowMs += (VALIDITY_SEC / 2) * 1000;
    expect((await avatar()).expiresSec).to.equal(expiresSec);
    nowMs += 1;
    expect((await avatar()).expiresSec).to.equal(expiresSec + BigInt(VALIDITY_SEC / 2));
    expect(signatures).to.equal(1);
  });

  it("gives nothing beyond half of the validity, not even what is fresh", async () => {
    nowMs += (VALIDITY_SEC / 2) * 1000 - 500;
    expect(await avatar()).to.include({ from: "cache" });
    nowMs += 500;
    expect(await avatar()).to.include({ from: "fresh" });
    nowMs += 1;
    expect(await avatar()).to.include({ from: "registry" });
  });

  it("knows nothing any more, a second after the database is lost", async () => {
    lost = new Error("the database is lost");
    nowMs += 999;
    expect(await avatar()).to.include({ from: "fresh" });
    nowMs += 1;
    expect(await avatar().catch((error: unknown) => (error as Error).message)).to.equal(
      "the database is lost",
    );
    lost = null;
    expect(await avatar()).to.include({ text: "first", from: "cache" });
  });

  it("stops to answer for a domain that was taken away", async () => {
    const { rows } = await registry.pool.query(
      "delete from resolver where domain = $1 returning *",
      [DOMAIN],
    );
    try {
      nowMs += 1000;
      await expectRejection(avatar(), "UNKNOWN_RESOLVER", /not served/);
    } finally {
      for (const { chain_id, address, domain } of rows as Record<string, unknown>[]) {
        await registry.pool.query(
          "insert into resolver (chain_id, address, domain) values ($1, $2, $3)",
          [chain_id, address, domain],
        );
      }
    }
  });

  describe("under an alias domain", () => {
    const ALIAS = "users.alias.eth";
    const request = textRequest(`alice.${ALIAS}`, "avatar");
    const domains = () => registry.stores.domains;
    beforeEach(async () => {
      await domains().addAlias({ alias: ALIAS, domain: DOMAIN });
      nowMs += 1000;
      await find(request);
      await find(request);
    });
    afterEach(() => domains().removeAlias(ALIAS));

    const seen = async (asked = request) => {
      const fresh = answers.fresh(asked);
      const { ready, from } = fresh ? { ...fresh, from: "fresh" } : await find(asked);
      const { result } = verifyAnswer(ready, { target: `0x${"00".repeat(20)}`, request: asked });
      return { text: decodeResult("text", result), from };
    };

    it("gives an answer again as it does any other, and sees what its own process wrote at once", async () => {
      expect(await seen()).to.deep.equal({ text: "first", from: "fresh" });
      nowMs += 1000;
      expect(await seen()).to.deep.equal({ text: "first", from: "cache" });
      await write("second");
      answers.invalidate(namehash(ALICE));
      expect(await seen()).to.deep.equal({ text: "second", from: "registry" });
    });

    it("is never older than a change by another process by more than a second", async () => {
      await write("second");
      nowMs += 1000;
      expect(await seen()).to.deep.equal({ text: "second", from: "registry" });
    });

    it("stops to answer when the alias is taken away", async () => {
      await domains().removeAlias(ALIAS);
      nowMs += 1000;
      await expectRejection(seen(), "UNKNOWN_DOMAIN", /lies under no domain/);
    });

    it("signs anew when the alias stands for another domain, also for a name that neither has", async () => {
      await domains().connectResolver({ chainId: 1n, resolver: RESOLVER, domain: OTHER_DOMAIN });
      const absent = textRequest(`nobody.${ALIAS}`, "avatar");
      for (const from of ["registry", "registry", "fresh"]) {
        expect((await seen(absent)).from).to.equal(from);
      }
      await domains().removeAlias(ALIAS);
      await domains().addAlias({ alias: ALIAS, domain: OTHER_DOMAIN });
      nowMs += 1000;
      expect(await seen(absent)).to.deep.equal({ text: "", from: "registry" });
      expect(await seen()).to.deep.equal({ text: "", from: "registry" });
    });
  });

  it("trusts no age when the clock was set back", async () => {
    nowMs -= 3_600_000;
    expect(await avatar()).to.include({ text: "first", from: "cache" });
  });

  it("reads and signs once for a thousand that want the same at once", async () => {
    answers = answersWith();
    const found = await Promise.all(Array.from({ length: 1000 }, () => find()));
    expect(new Set(found.map(({ ready }) => ready)).size).to.equal(1);
    expect(signatures).to.equal(1);
  });

  it("gives nothing again that was signed before it was cleared, not even what was under way", async () => {
    const underWay = find();
    answers.clear();
    await underWay;
    expect(answers.fresh(REQUEST)).to.equal(null);
    expect(await avatar()).to.include({ text: "first", from: "registry" });
  });

  it("keeps nothing that an outgoing key was signing when it was cleared", async () => {
    answers = answersWith();
    await find();
    const underWay = find();
    answers.clear();
    expect((await underWay).from).to.equal("registry");
    expect(answers.fresh(REQUEST)).to.equal(null);
    expect((await find()).from).to.equal("registry");
    expect(answers.fresh(REQUEST)).not.to.equal(null);
  });

  it("validates also what says that a name does not exist, until it does", async () => {
    const name = `later.${DOMAIN}`;
    const request = textRequest(name, "avatar");
    for (const from of ["registry", "registry", "cache"]) {
      expect((await find(request)).from).to.equal(from);
      nowMs += 1000;
    }
    await setRecords(registry.stores, { domain: DOMAIN, name, records: { texts: {} } });
    expect((await find(request)).from).to.equal("registry");
    nowMs += 1000;
    expect((await find(request)).from).to.equal("cache");
    await writeAsService(registry.stores, DOMAIN, name, [{ kind: "delete" }]);
    nowMs += 1000;
    expect((await find(request)).from).to.equal("registry");
  });

  it("without memory signs every answer", async () => {
    answers = answersWith(0);
    for (let round = 0; round < 3; round++) expect(await avatar()).to.include({ from: "registry" });
    expect(signatures).to.equal(3);
  });
});
