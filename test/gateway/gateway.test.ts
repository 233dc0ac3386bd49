import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { concat, getAddress, getBytes, hexlify, id, ZeroAddress, ZeroHash } from "ethers";
import { openPool } from "../../src/db/pool.js";
import { recordSource } from "../../src/db/recordSource.js";
import { checksumAddress } from "../../src/ens/address.js";
import { SignpostError } from "../../src/errors.js";
import { eachByItself } from "../../src/gateway/answerSigner.js";
import { createGateway } from "../../src/gateway/gateway.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { resolverKey } from "../../src/gateway/resolverKey.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import type { RecordSource } from "../../src/registry/store.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { samplePubkey } from "../registry/changes/largestRecords.js";
import { setRecords } from "../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, OTHER_DOMAIN, type TestRegistry } from "../registry/openRegistry.js";
import {
  decodeResult,
  rawDnsName,
  rawResolveRequest,
  recordCall,
  type RecordFunction,
  resolveRequest,
  textRequest,
  verifyAnswer,
} from "./ensRequest.js";

const NOW_MS = 1_900_000_000_999;
const VALIDITY_SEC = 240;
const ALICE = `alice.${DOMAIN}`;
const AVATAR = "https://example.com/alice.png";
const PUBKEY = samplePubkey();
const IMPLEMENTER = `0x${"1f".repeat(20)}`;
/** Of DOMAIN, see openRegistry. */
const RESOLVER = bytes(20, 0);
const CHAIN_ID = 1n;

describe("gateway/gateway", () => {
  const signer = localGatewaySigner(bytes(32, 0x11));
  let registry: TestRegistry;
  let nowMs: number;
  let gateway: ReturnType<typeof createGateway>;

  before(async () => {
    registry = await openRegistry();
    await write({
      texts: { avatar: AVATAR, emoji: "📬" },
      addresses: { "0": "0x0014aa" },
      contenthash: "0xe30101",
      name: ALICE,
      pubkey: PUBKEY,
      abis: { "1": "0x7b7d", "8": "0x68" },
      data: { "agent-context": "0xda7a" },
      interfaces: { "0x01ffc9a7": IMPLEMENTER },
    });
  });
  after(() => registry.close());
  beforeEach(() => {
    nowMs = NOW_MS;
    gateway = gatewayOn(registry.pool);
  });

  const write = (records: Parameters<typeof setRecords>[1]["records"]) =>
    setRecords(registry.stores, { domain: DOMAIN, name: ALICE, records });
  const gatewayOf = (records: RecordSource) =>
    createGateway({
      records,
      signer: eachByItself(signer),
      validitySec: VALIDITY_SEC,
      nowMs: () => nowMs,
    });
  const gatewayOn = (pool: TestRegistry["pool"]) => gatewayOf(recordSource(pool));
  const call = (request: string, to = RESOLVER, chainId = CHAIN_ID) =>
    gateway.call({ to, chainId, data: getBytes(request) });

  /** Asks, and verifies as the resolver would. */
  async function answer(request: string, to = RESOLVER) {
    const { data } = await call(request, to);
    const verified = verifyAnswer(data, { target: hexlify(to), request });
    expect(verified.signer).to.equal(checksumAddress(signer.address));
    return verified;
  }
  async function record(name: string, fn: RecordFunction, ...args: unknown[]) {
    const request = resolveRequest(name, recordCall(name, fn, ...args), CHAIN_ID);
    return decodeResult(fn, (await answer(request)).result);
  }

  it("answers every record, signed for exactly this request and resolver", async () => {
    expect(await record(ALICE, "text", "avatar")).to.equal(AVATAR);
    expect(await record(ALICE, "text", "emoji")).to.equal("📬");
    expect(await record(ALICE, "addr(bytes32,uint256)", 0n)).to.equal("0x0014aa");
    expect(await record(ALICE, "contenthash")).to.equal("0xe30101");
    expect(await record(ALICE, "hasAddr", 0n)).to.equal(true);
    expect(await record(ALICE, "hasAddr", 60n)).to.equal(false);
    expect(await record(ALICE, "name")).to.equal(ALICE);
    expect(await record(ALICE, "pubkey")).to.deep.equal([PUBKEY.x, PUBKEY.y]);
    expect(await record(ALICE, "ABI", 15n)).to.deep.equal([1n, "0x7b7d"]);
    expect(await record(ALICE, "ABI", 12n)).to.deep.equal([8n, "0x68"]);
    expect(await record(ALICE, "data", "agent-context")).to.equal("0xda7a");
    expect(await record(ALICE, "supportedDataKeys")).to.deep.equal(["agent-context"]);
    const implementer = await record(ALICE, "interfaceImplementer", "0x01ffc9a7");
    expect(implementer).to.equal(getAddress(IMPLEMENTER));
    const calls = [recordCall(ALICE, "text", "avatar"), recordCall(ALICE, "contenthash")];
    const [avatar, contenthash] = (await record(ALICE, "multicall", calls)) as string[];
    expect(decodeResult("text", avatar!)).to.equal(AVATAR);
    expect(decodeResult("contenthash", contenthash!)).to.equal("0xe30101");
  });

  it("expires when the clock and the validity say, in whole seconds", async () => {
    const request = textRequest(ALICE, "avatar");
    expect((await answer(request)).expiresSec).to.equal(1_900_000_240n);
    nowMs += 1;
    expect((await answer(request)).expiresSec).to.equal(1_900_000_241n);
  });

  it("signs for the resolver of the path, and for no other", async () => {
    const request = textRequest(ALICE, "avatar");
    const { data } = await call(request);
    for (const target of [bytes(20, 1), bytes(20, 0xff)]) {
      expect(verifyAnswer(data, { target: hexlify(target), request }).signer).not.to.equal(
        checksumAddress(signer.address),
      );
    }
    const other = textRequest(ALICE, "avatar2");
    expect(verifyAnswer(data, { target: hexlify(RESOLVER), request: other }).signer).not.to.equal(
      checksumAddress(signer.address),
    );
  });

  it("answers absent names and records with signed empty values", async () => {
    for (const name of [`nobody.${DOMAIN}`, `deep.below.${ALICE}`, DOMAIN]) {
      expect(await record(name, "text", "network.dm3.profile")).to.equal("");
      expect(await record(name, "addr(bytes32)")).to.equal(getAddress("0x" + "00".repeat(20)));
      expect(await record(name, "addr(bytes32,uint256)", 60n)).to.equal("0x");
      expect(await record(name, "contenthash")).to.equal("0x");
      expect(await record(name, "hasAddr", 60n)).to.equal(false);
      expect(await record(name, "name")).to.equal("");
      expect(await record(name, "pubkey")).to.deep.equal([ZeroHash, ZeroHash]);
      expect(await record(name, "ABI", 15n)).to.deep.equal([0n, "0x"]);
      expect(await record(name, "data", "agent-context")).to.equal("0x");
      expect(await record(name, "supportedDataKeys")).to.deep.equal([]);
      expect(await record(name, "interfaceImplementer", "0x01ffc9a7")).to.equal(ZeroAddress);
    }
    expect(await record(ALICE, "text", "absent")).to.equal("");
  });

  it("signs UnsupportedResolverProfile for a function that it does not know", async () => {
    const request = resolveRequest(ALICE, "0xdeadbeef");
    expect((await answer(request)).result).to.equal(`0x7b1c461bdeadbeef${"00".repeat(28)}`);
  });

  it("lets an answer share its signature where the request is bound to its chain and the resolver understands it", async () => {
    const shared: boolean[] = [];
    const understood = new Set<string>();
    const sharing = createGateway({
      records: recordSource(registry.pool),
      signer: {
        signAnswer: (digest, mayShare) => {
          shared.push(mayShare);
          return signer.signDigest(digest);
        },
      },
      batches: { takesBatches: (key) => understood.has(key) },
      validitySec: VALIDITY_SEC,
      nowMs: () => nowMs,
    });
    const ask = (chainId?: bigint) => {
      const data = getBytes(textRequest(ALICE, "avatar", chainId));
      return sharing.call({ to: RESOLVER, chainId: CHAIN_ID, data });
    };
    await ask(CHAIN_ID);
    expect(shared).to.deep.equal([false]);
    understood.add(resolverKey(CHAIN_ID, RESOLVER));
    await ask(CHAIN_ID);
    await ask();
    expect(shared).to.deep.equal([false, true, false]);
    understood.clear();
    understood.add(resolverKey(2n, RESOLVER));
    await ask(CHAIN_ID);
    expect(shared).to.deep.equal([false, true, false, false]);
  });

  it("serves no unknown resolver, and no known one on another chain", async () => {
    const request = textRequest(ALICE, "avatar");
    await expectRejection(
      call(request, bytes(20, 0x77)),
      "UNKNOWN_RESOLVER",
      /0x77.* on chain 1 is not served here/,
    );
    await expectRejection(call(request, RESOLVER, 5n), "UNKNOWN_RESOLVER", /on chain 5 is not/);
  });

  it("serves no name outside of the resolver's domains", async () => {
    for (const name of ["alice.example.eth", "eth", `alice.${OTHER_DOMAIN}`, `evil${DOMAIN}`]) {
      await expectRejection(
        call(textRequest(name, "avatar")),
        "UNKNOWN_DOMAIN",
        /lies under no domain that is served/,
      );
    }
  });

  it("answers requests bound to this chain or to none, and none that is bound to another", async () => {
    for (const bound of [CHAIN_ID, undefined]) {
      const { result } = await answer(textRequest(ALICE, "avatar", bound));
      expect(decodeResult("text", result)).to.equal(AVATAR);
    }
    for (const bound of [0n, 5n, 2n ** 256n - 1n]) {
      await expectRejection(
        call(textRequest(ALICE, "avatar", bound)),
        "INVALID_CALL_DATA",
        new RegExp(`bound to chain ${bound}, but this URL is for chain 1`),
      );
    }
  });

  it("refuses to sign, for one name, what belongs to another", async () => {
    const request = resolveRequest(ALICE, recordCall(`bob.${DOMAIN}`, "text", "avatar"));
    await expectRejection(call(request), "INVALID_CALL_DATA", /asks about another name than alice/);
    const mixed = [recordCall(ALICE, "contenthash"), recordCall(DOMAIN, "contenthash")];
    await expectRejection(
      call(resolveRequest(ALICE, recordCall(ALICE, "multicall", mixed))),
      "INVALID_CALL_DATA",
      /another name/,
    );
  });

  it("refuses names that are not in normal form, and malformed call data", async () => {
    await expectRejection(
      call(rawResolveRequest(rawDnsName("Alice", ...DOMAIN.split(".")), "0x12345678")),
      "INVALID_NAME",
      /normal form; use "alice/,
    );
    const request = textRequest(ALICE, "avatar");
    const malformed = ["0x", "0x9061b9", "0x12345678", "0x9061b923", request.slice(0, -64)];
    for (const data of malformed) {
      await expectRejection(call(data), "INVALID_CALL_DATA", /ABI-encoded data|gateway/);
    }
    await expectRejection(
      call(resolveRequest(ALICE, "0x59d1d4")),
      "INVALID_CALL_DATA",
      /shorter than a function selector/,
    );
  });

  it("binds whatever follows the arguments into the signature", async () => {
    const request = textRequest(ALICE, "avatar");
    const padded = concat([request, "0xabcdef"]);
    const { data } = await call(padded);
    const ours = checksumAddress(signer.address);
    const target = hexlify(RESOLVER);
    expect(verifyAnswer(data, { target, request: padded }).signer).to.equal(ours);
    expect(verifyAnswer(data, { target, request }).signer).not.to.equal(ours);
  });

  it("sees a change of the database in the next lookup", async () => {
    await write({ texts: { avatar: "changed" } });
    expect(await record(ALICE, "text", "avatar")).to.equal("changed");
    await write({ texts: { avatar: AVATAR } });
    expect(await record(ALICE, "text", "avatar")).to.equal(AVATAR);
  });

  it("serves a domain that was added meanwhile, a second later", async () => {
    const resolver = bytes(20, 0x42);
    const request = textRequest("x.new.eth", "avatar");
    await expectRejection(call(request, resolver), "UNKNOWN_RESOLVER", /is not served/);
    const served = { domain: "new.eth", chainId: CHAIN_ID, resolver };
    await addDomain(registry.stores.domains, served, apiKeyFrom(bytes(32, 0x42)));
    nowMs += 1000;
    expect(decodeResult("text", (await answer(request, resolver)).result)).to.equal("");
  });

  describe("under an alias domain", () => {
    const ALIAS = "users.alias.eth";
    const alias = (name: string) => name.replace(DOMAIN, ALIAS);
    before(() => registry.stores.domains.addAlias({ alias: ALIAS, domain: DOMAIN }));
    after(() => registry.stores.domains.removeAlias(ALIAS));

    it("answers with the records of the name below the domain, signed for exactly what was asked", async () => {
      expect(await record(alias(ALICE), "text", "avatar")).to.equal(AVATAR);
      expect(await record(alias(ALICE), "contenthash")).to.equal("0xe30101");
      const calls = [recordCall(alias(ALICE), "text", "avatar")];
      const [avatar] = (await record(alias(ALICE), "multicall", calls)) as string[];
      expect(decodeResult("text", avatar!)).to.equal(AVATAR);
      for (const absent of [`nobody.${ALIAS}`, ALIAS, `deep.below.${alias(ALICE)}`]) {
        expect(await record(absent, "text", "avatar")).to.equal("");
      }
      const [asked, other] = [alias(ALICE), ALICE].map((name) => textRequest(name, "avatar"));
      const { data } = await call(asked!);
      const { signer: signedBy } = verifyAnswer(data, {
        target: hexlify(RESOLVER),
        request: other!,
      });
      expect(signedBy).not.to.equal(checksumAddress(signer.address));
    });

    it("counts them as the domain's", async () => {
      const { basis } = await call(textRequest(alias(ALICE), "avatar"));
      expect(basis).to.include({ domain: DOMAIN, name: alias(ALICE), storedName: ALICE });
    });

    it("finds a name of which only a labelhash is given", async () => {
      const hashed = `[${id("alice").slice(2)}].${ALIAS}`;
      const dnsName = rawDnsName(...hashed.split("."));
      const inner = recordCall(alias(ALICE), "text", "avatar");
      const { result } = await answer(rawResolveRequest(dnsName, inner));
      expect(decodeResult("text", result)).to.equal(AVATAR);
    });

    it("refuses call data with the node of the name below the domain, which was not asked for", async () => {
      for (const [name, node] of [
        [alias(ALICE), ALICE],
        [ALICE, alias(ALICE)],
      ] as const) {
        const request = resolveRequest(name, recordCall(node, "text", "avatar"));
        await expectRejection(call(request), "INVALID_CALL_DATA", /asks about another name than/);
      }
    });

    it("answers for no resolver but those of the domain", async () => {
      const other = bytes(20, 2); // of OTHER_DOMAIN
      await expectRejection(
        call(textRequest(alias(ALICE), "avatar"), other),
        "UNKNOWN_DOMAIN",
        /alice\.users\.alias\.eth lies under no domain/,
      );
    });

    it("is asked for in one read, as any name", async () => {
      let reads = 0;
      const known = recordSource(registry.pool);
      gateway = gatewayOf({
        ...known,
        recordsOf: (node) => {
          reads++;
          return known.recordsOf(node);
        },
      });
      await call(textRequest(alias(ALICE), "avatar"));
      expect(reads).to.equal(1);
    });
  });

  it("tells an outage of the database from absence, before and after it has known its domains", async () => {
    const pool = openPool({ url: "postgresql://nobody@127.0.0.1:1/none", connectTimeoutMs: 2000 });
    try {
      gateway = gatewayOn(pool);
      const request = textRequest(ALICE, "avatar");
      await expectRejection(call(request), "DATABASE_UNAVAILABLE", /ECONNREFUSED/);
      const [known, lost] = [recordSource(registry.pool), recordSource(pool)];
      gateway = gatewayOf({
        ...known,
        recordsOf: (node) => lost.recordsOf(node),
      });
      await expectRejection(call(request), "DATABASE_UNAVAILABLE", /did not answer/);
    } finally {
      await pool.end();
    }
  });

  it("lets 512 lookups of a domain be under way, half of its places, and refuses the next one at once", async () => {
    let giveUp: (outage: SignpostError) => void = () => undefined;
    const hanging = new Promise<never>((_, reject) => (giveUp = reject));
    let isHanging = false;
    const known = recordSource(registry.pool);
    gateway = gatewayOf({
      ...known,
      recordsOf: (node) => (isHanging ? hanging : known.recordsOf(node)),
    });
    const request = textRequest(ALICE, "avatar");
    const codeOf = () =>
      call(request).then(
        () => "answered",
        (error: unknown) => (error as SignpostError).code,
      );
    // from now on, the domains are known
    expect(await codeOf()).to.equal("answered");
    isHanging = true;
    const lookups = Array.from({ length: 600 }, codeOf);
    await setImmediate(); // each has its place, or is refused
    giveUp(new SignpostError("DATABASE_UNAVAILABLE", "The database did not answer."));
    const codes = await Promise.all(lookups);
    expect(codes.filter((code) => code === "DATABASE_UNAVAILABLE").length).to.equal(512);
    expect(codes.filter((code) => code === "OVERLOADED").length).to.equal(600 - 512);
  });

  it("answers a hundred different lookups at once, each with its own record", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `user-${index}.${DOMAIN}`);
    await Promise.all(
      names.map((name) =>
        setRecords(registry.stores, { domain: DOMAIN, name, records: { texts: { avatar: name } } }),
      ),
    );
    const seen = await Promise.all(names.map((name) => record(name, "text", "avatar")));
    expect(seen).to.deep.equal(names);
  });
});
