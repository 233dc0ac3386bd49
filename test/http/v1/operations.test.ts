/** Writes by ERC-7884 over real HTTP; and every rule, broken once. */
import { expect } from "chai";
import { AbiCoder, type HDNodeWallet, Wallet, ZeroAddress } from "ethers";
import { namehash } from "../../../src/ens/namehash.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { entryHash } from "../../../src/registry/history/historyEntry.js";
import type { RequestDomain } from "../../../src/signing/typedData.js";
import { bytes } from "../../db/sampleNames.js";
import { BITCOIN, WEBSITE } from "../../registry/names/sampleRecords.js";
import { profilesOf } from "../../registry/openRegistry.js";
import {
  call,
  nested,
  type OperationBody,
  operationPath,
  type OperationWish,
  RESOLVER_ABI,
  signOperation,
} from "../../registry/signed/signedOperations.js";
import {
  nowSec,
  SERVICE_RESOLVER,
  signRequest,
  type Wish,
} from "../../registry/signed/signedRequests.js";
import { type Answer, DOMAIN, openTestService, type TestService } from "../openTestService.js";

const OTHER_CHAIN = { ...SERVICE_RESOLVER, chainId: 8453n };
const OTHER_RESOLVER = { ...SERVICE_RESOLVER, resolver: bytes(20, 9) };

describe("http: writes by ERC-7884", () => {
  let http: TestService;
  let wallet: HDNodeWallet;
  let name: string;
  let count = 0;

  before(async () => {
    http = await openTestService();
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
  });
  after(() => http.stop());
  beforeEach(async () => {
    wallet = Wallet.createRandom();
    name = `writer-${count++}.${DOMAIN}`;
    const [signedUserProfile] = await profilesOf(wallet, 1);
    const { address } = wallet;
    await http.v1("PUT", `/names/${name}/profile`, { address, signedUserProfile });
  });
  afterEach(async () => {
    expect(http.failures).to.deep.equal([]);
    const verdict = await verifyHistory(http.service.names, namehash(name));
    expect(verdict.broken).to.equal(null);
  });

  const post = (body: unknown, { at = SERVICE_RESOLVER }: { at?: RequestDomain } = {}) =>
    http.v1("POST", operationPath(at), body, null);
  const write = async (data: string, wish: Partial<OperationWish> = {}, signer = wallet) =>
    post(await signOperation(signer, { data, ...wish }));
  const setText = (value: string, key = "url", of = name) => call("setText", of, key, value);
  const shown = async () => (await http.v1("GET", `/names/${name}`)).body;
  const request = async (wish: Partial<Wish> & Pick<Wish, "action" | "sequence">) =>
    http.v1(
      "POST",
      "/requests",
      await signRequest(wallet, { domain: DOMAIN, name, ...wish }),
      null,
    );

  function expectRefusal({ status, body }: Answer, expected: number, code: string): Answer {
    expect({ status, code: body["code"] }, String(body["message"])).to.deep.equal({
      status: expected,
      code,
    });
    return { status, body } as Answer;
  }

  it("writes a record for the owner, who holds the name from then on; in both forms of the body", async () => {
    const first = await write(setText("a"), { expirationSec: nowSec() + 890 });
    expect(first).to.nested.include({
      status: 200,
      "body.data": "0x",
      "body.name": name,
      "body.outcome": "changed",
    });
    const body = await signOperation(wallet, { data: setText("b", "avatar") });
    expect((await post(nested(body))).status).to.equal(200);
    const { texts, held, sequence } = await shown();
    expect(texts).to.include({ url: "a", avatar: "b" });
    expect(texts).to.have.property("network.dm3.profile");
    expect({ held, sequence }).to.deep.equal({ held: true, sequence: 2 });
    const byService = await http.v1("PUT", `/names/${name}/records`, { texts: {} });
    expectRefusal(byService, 409, "HELD_BY_OWNER");
  });

  it("keeps message and signature in the history", async () => {
    await write(setText("a"));
    const entries = await http.service.names.historyOf(namehash(name), 1, 10);
    const { authority, operation, change } = entries[0]!.entry;
    expect(operation).to.equal("setRecords");
    expect(authority).to.include({ kind: "writer", address: wallet.address, chainId: "1" });
    expect(authority).to.have.nested.property("message.data", setText("a"));
    expect(change).to.deep.equal({ patch: { held: true, texts: { url: "a" } } });
  });

  it("breaks a history in which the message, or what it was signed for, is another", async () => {
    await write(setText("a"), { expirationSec: nowSec() + 890 });
    await write(setText("b"), { expirationSec: nowSec() + 895 });
    const { names } = http.service;
    const history = await names.historyOf(namehash(name), 0, 10);
    const last = history.at(-1)!.entry;
    const authority = last.authority as typeof last.authority & { kind: "writer" };
    const { message } = authority;
    const other = Wallet.createRandom().address as `0x${string}`;
    const changes: [object, RegExp][] = [
      [{ message: { ...message, data: setText("c") } }, /not by the wallet/],
      [{ message: { ...message, data: setText("b", "url", `x.${DOMAIN}`) } }, /another name/],
      [{ message: { ...message, data: "0x12345678" } }, /another name/],
      [{ message: { ...message, sender: other } }, /not by the wallet/],
      [{ message: { ...message, expirationTimestamp: "9999999999" } }, /not by the wallet/],
      [{ message: { ...message, expirationTimestamp: "1" } }, /not newer/],
      [{ chainId: "2" }, /not by the wallet/],
      [{ resolver: other }, /not by the wallet/],
      [{ address: other }, /not by the wallet/],
    ];
    for (const [change, reason] of changes) {
      const entry = { ...last, authority: { ...authority, ...change } } as typeof last;
      const changed = { entry, hash: entryHash(entry), storedAs: entry.number };
      const entries = [...history.slice(0, -1), changed];
      const historyOf = (_node: Uint8Array, after: number) => Promise.resolve(entries.slice(after));
      const { broken } = await verifyHistory({ ...names, historyOf }, namehash(name));
      expect(broken?.reason, JSON.stringify(change)).to.match(reason);
    }
  });

  it("writes every kind of record, all at once, and takes each away", async () => {
    const { publicKey } = wallet.signingKey;
    const [px, py] = [`0x${publicKey.slice(4, 68)}`, `0x${publicKey.slice(68)}`];
    const calls = [
      setText("u"),
      call("setAddr(bytes32,address)", name, wallet.address),
      call("setAddr(bytes32,uint256,bytes)", name, 60, wallet.address),
      call("setAddr(bytes32,uint256,bytes)", name, 0, BITCOIN),
      call("setContenthash", name, WEBSITE),
      call("setName", name, name),
      call("setPubkey", name, px, py),
      call("setABI", name, 1, "0x5b5d"),
      call("setData", name, "agent-context", "0x01"),
      call("setInterface", name, "0x01ffc9a7", wallet.address),
    ];
    const before = await shown();
    const answer = await write(RESOLVER_ABI.encodeFunctionData("multicall", [calls]), {
      expirationSec: nowSec() + 880,
    });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    const returned = AbiCoder.defaultAbiCoder().encode(["bytes[]"], [calls.map(() => "0x")]);
    expect(answer.body["data"]).to.equal(returned);
    expect(await shown()).to.deep.include({
      contenthash: WEBSITE,
      nameRecord: name,
      pubkey: { x: px, y: py },
      abis: { "1": "0x5b5d" },
      data: { "agent-context": "0x01" },
      interfaces: { "0x01ffc9a7": wallet.address.toLowerCase() },
      addresses: { "0": BITCOIN, "60": wallet.address.toLowerCase() },
    });
    const zero = `0x${"00".repeat(32)}`;
    const away = [
      setText(""),
      call("setAddr(bytes32,uint256,bytes)", name, 0, "0x"),
      call("setContenthash", name, "0x"),
      call("setName", name, ""),
      call("setPubkey", name, zero, zero),
      call("setABI", name, 1, "0x"),
      call("setData", name, "agent-context", "0x"),
      call("setInterface", name, "0x01ffc9a7", ZeroAddress),
    ];
    const checked = RESOLVER_ABI.encodeFunctionData("multicallWithNodeCheck", [
      namehash(name),
      away,
    ]);
    expect((await write(checked, { expirationSec: nowSec() + 885 })).status).to.equal(200);
    const { texts, addresses, contenthash, nameRecord, pubkey, abis, data, interfaces } = before;
    expect(await shown()).to.deep.include({
      ...{ texts, addresses, contenthash, nameRecord, pubkey, abis, data, interfaces },
    });
    await write(setText("again"), { expirationSec: nowSec() + 890 });
    expect((await write(call("clearRecords", name))).status).to.equal(200);
    expect(await shown()).to.deep.include({ texts, addresses });
  });

  describe("refuses", () => {
    const unchanged = async () => {
      expect(await shown()).to.include({ sequence: 0, held: false });
    };

    it("another chain and another resolver: UNKNOWN_RESOLVER as it is, WRONG_SIGNER when rewritten", async () => {
      for (const signedFor of [OTHER_CHAIN, OTHER_RESOLVER]) {
        const body = await signOperation(wallet, { data: setText("a"), signedFor });
        expectRefusal(await post(body, { at: signedFor }), 404, "UNKNOWN_RESOLVER");
        expectRefusal(await post(body), 400, "INVALID_REQUEST");
        const { sender } = await signOperation(wallet, { data: "0x" });
        expectRefusal(await post({ ...body, sender }), 422, "WRONG_SIGNER");
      }
      await unchanged();
    });

    it("another version or name of the signing domain: INVALID_REQUEST", async () => {
      const body = await signOperation(wallet, { data: setText("a") });
      for (const change of [{ version: "2" }, { name: "Signposts" }]) {
        const altered = { ...body, sender: { ...body.sender, ...change } };
        expectRefusal(await post(altered), 400, "INVALID_REQUEST");
      }
      await unchanged();
    });

    it("another name's node, by who does not own it: WRONG_SIGNER", async () => {
      const other = Wallet.createRandom();
      expectRefusal(await write(setText("a"), {}, other), 422, "WRONG_SIGNER");
      // naming the owner as the sender makes nobody the owner
      const sender = wallet.address;
      expectRefusal(await write(setText("a"), { sender }, other), 422, "WRONG_SIGNER");
      const unknown = setText("a", "url", `nobody.${DOMAIN}`);
      expectRefusal(await write(unknown), 404, "NOT_FOUND");
      await unchanged();
    });

    it("any part that was changed after signing: WRONG_SIGNER", async () => {
      const body = await signOperation(wallet, { data: setText("a") });
      const changes: Partial<OperationBody["data"]>[] = [
        { data: setText("b") },
        { sender: ZeroAddress },
        { expirationTimestamp: String(nowSec() + 100) },
      ];
      for (const change of changes) {
        const altered = { ...body, data: { ...body.data, ...change } };
        expectRefusal(await post(altered), 422, "WRONG_SIGNER");
        expectRefusal(await post(nested(altered)), 422, "WRONG_SIGNER");
      }
      const outer = nested(body);
      expectRefusal(await post({ ...outer, data: setText("b") }), 400, "INVALID_REQUEST");
      expectRefusal(await post({ ...outer, sender: ZeroAddress }), 400, "INVALID_REQUEST");
      await unchanged();
    });

    it("an expiry that has passed: REQUEST_EXPIRED; one too far ahead: INVALID_REQUEST", async () => {
      expectRefusal(
        await write(setText("a"), { expirationSec: nowSec() - 3 }),
        422,
        "REQUEST_EXPIRED",
      );
      for (const expirationSec of [nowSec() + 970, Date.now(), Number.MAX_SAFE_INTEGER]) {
        expectRefusal(await write(setText("a"), { expirationSec }), 400, "INVALID_REQUEST");
      }
      await unchanged();
    });

    it("a message that was taken, at once or later, and one of the same second: WRONG_SEQUENCE", async () => {
      const expirationSec = nowSec() + 800;
      const body = await signOperation(wallet, { data: setText("a"), expirationSec });
      const answers = await Promise.all([post(body), post(body), post(nested(body))]);
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409]);
      expectRefusal(await post(body), 409, "WRONG_SEQUENCE");
      expectRefusal(await write(setText("b"), { expirationSec }), 409, "WRONG_SEQUENCE");
      expect((await write(setText("c"), { expirationSec: expirationSec + 1 })).status).to.equal(
        200,
      );
      expectRefusal(await post(body), 409, "WRONG_SEQUENCE");
      expect(await shown()).to.have.nested.property("texts.url", "c");
    });

    it("a message from before the owner's newer change, by message or by request: WRONG_SEQUENCE", async () => {
      const old = await signOperation(wallet, {
        data: setText("old"),
        expirationSec: nowSec() + 895,
      });
      const records = { texts: { url: "new" } };
      const changed = await request({ action: "setRecords", sequence: 1, content: { records } });
      expect(changed.status).to.equal(200);
      expectRefusal(await post(old), 409, "WRONG_SEQUENCE");
      // of a block that came after it
      const later = { expirationSec: nowSec() + 902 };
      expect((await write(setText("newer"), later)).status).to.equal(200);
      expectRefusal(
        await request({ action: "setRecords", sequence: 2, content: { records } }),
        409,
        "WRONG_SEQUENCE",
      );
      expect(await shown()).to.have.nested.property("texts.url", "newer");
    });

    it("an old message after the name was deleted and claimed again: WRONG_SEQUENCE", async () => {
      const old = await signOperation(wallet, { data: setText("old") });
      expect((await request({ action: "delete", sequence: 1 })).status).to.equal(200);
      expectRefusal(await post(old), 404, "NOT_FOUND");
      expect((await request({ action: "claim", sequence: 2 })).status).to.equal(201);
      expectRefusal(await post(old), 409, "WRONG_SEQUENCE");
    });

    it("a name that is suspended, and one that no wallet owns", async () => {
      await http.v1("PUT", `/names/${name}/suspension`, { reason: "spam" });
      expectRefusal(await write(setText("a")), 409, "NAME_SUSPENDED");
      const own = `own-${name}`;
      await http.v1("PUT", `/names/${own}`, {});
      expectRefusal(await write(setText("a", "url", own)), 409, "NAME_TAKEN");
    });

    it("what follows from signatures, or breaks a standard or a bound: INVALID_REQUEST", async () => {
      const mallory = Wallet.createRandom().address;
      const wrong: [data: string, sentence: RegExp][] = [
        [setText("x", "network.dm3.profile"), /is set by a verified profile/],
        [setText("", "network.dm3.profile"), /is set by a verified profile/],
        [setText("x", "network.dm3.deliveryService"), /is set by a verified profile/],
        [call("setAddr(bytes32,address)", name, mallory), /give the name away/],
        [call("setAddr(bytes32,uint256,bytes)", name, 60, mallory), /give the name away/],
        [call("setAddr(bytes32,uint256,bytes)", name, 60, "0x"), /give the name away/],
        [call("setAddr(bytes32,uint256,bytes)", name, 0x80000001n, "0x01"), /20 bytes/],
        [setText("x".repeat(4097)), /4096 bytes/],
        [call("setABI", name, 3, "0x01"), /content type/],
        [call("setPubkey", name, `0x${"11".repeat(32)}`, `0x${"11".repeat(32)}`), /curve/],
      ];
      for (const [data, sentence] of wrong) {
        const { body } = expectRefusal(await write(data), 400, "INVALID_REQUEST");
        expect(body["message"]).to.match(sentence);
      }
      await unchanged();
    });

    it("a function that writes no record here: FUNCTION_NOT_SUPPORTED, with those that do", async () => {
      const inner = RESOLVER_ABI.encodeFunctionData("multicall", [[setText("a")]]);
      const unsupported = [
        call("setDNSRecords", name, "0x"),
        "0x12345678",
        RESOLVER_ABI.encodeFunctionData("multicall", [[inner]]),
      ];
      for (const data of unsupported) {
        const { body } = expectRefusal(await write(data), 400, "FUNCTION_NOT_SUPPORTED");
        expect(body["details"]).to.have.property("supported").that.includes("0x10f13a8c");
      }
      await unchanged();
    });

    it("call data that is none: INVALID_CALL_DATA; multicalls about two names, none, or too many", async () => {
      for (const data of ["0x", "0x10f1", setText("a").slice(0, -64), "0xac9650d8"]) {
        expectRefusal(await write(data), 400, "INVALID_CALL_DATA");
      }
      const other = setText("a", "url", `other.${DOMAIN}`);
      const several = (calls: string[]) => RESOLVER_ABI.encodeFunctionData("multicall", [calls]);
      const checked = [namehash(name), [setText("a"), other]];
      for (const data of [
        several([setText("a"), other]),
        several([]),
        several(Array.from({ length: 65 }, () => setText("a"))),
        RESOLVER_ABI.encodeFunctionData("multicallWithNodeCheck", checked),
        RESOLVER_ABI.encodeFunctionData("multicallWithNodeCheck", [namehash(name), [other]]),
      ]) {
        expectRefusal(await write(data), 400, "INVALID_REQUEST");
      }
      await unchanged();
    });

    it("a body that is none, and a path that is none: INVALID_REQUEST", async () => {
      const body = await signOperation(wallet, { data: setText("a") });
      const bodies = [{}, { ...body, extra: 1 }, { ...body, data: body.data.data }];
      for (const one of bodies) expectRefusal(await post(one), 400, "INVALID_REQUEST");
      for (const path of ["/operations/0x1/0x00", `/operations/1/0x00`]) {
        expectRefusal(await http.v1("POST", path, body, null), 400, "INVALID_REQUEST");
      }
    });
  });

  it("of 20 writes at once to different records, loses none that it took", async () => {
    const start = nowSec() + 700;
    const bodies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        signOperation(wallet, {
          data: setText(String(index), `key-${index}`),
          expirationSec: start + index,
        }),
      ),
    );
    const answers = await Promise.all(bodies.map((body) => post(body)));
    const taken = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    expect(taken).not.to.have.length(0);
    const { texts } = (await shown()) as { texts: Record<string, string> };
    const keys = Object.keys(texts).filter((key) => key.startsWith("key-"));
    expect(keys).to.have.members(taken.map((index) => `key-${index}`));
  });
});
