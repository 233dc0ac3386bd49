/** Publishing by wallets themselves, over real HTTP; and every way to try it with somebody else's or an old signature. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { toHex } from "../../../src/abi/hex.js";
import { DM3_PROFILE_KEY } from "../../../src/dm3/profile/profileRecord.js";
import { stringify } from "../../../src/dm3/stringify.js";
import { namehash } from "../../../src/ens/namehash.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { createProfile } from "../../../src/wallet/createProfile.js";
import type { SignedRequestBody } from "../../../src/wire/signedRequest.js";
import { bytes } from "../../db/sampleNames.js";
import { BITCOIN } from "../../registry/names/sampleRecords.js";
import { profilesOf } from "../../registry/openRegistry.js";
import {
  nowSec,
  SERVICE_RESOLVER,
  signRequest,
  type Wish,
} from "../../registry/signed/signedRequests.js";
import { provenNode, signedCertificate, signedNetwork } from "../../registry/signedStatements.js";
import {
  type Answer,
  DOMAIN,
  NESTED_DOMAIN,
  openTestService,
  type TestService,
} from "../openTestService.js";

describe("http: signed requests", () => {
  let http: TestService;
  let wallet: HDNodeWallet;
  let name: string;
  let count = 0;

  before(async () => {
    http = await openTestService();
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
  });
  after(() => http.stop());
  beforeEach(() => {
    wallet = Wallet.createRandom();
    name = `wallet-${count++}.${DOMAIN}`;
  });
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  const post = (body: unknown) => http.v1("POST", "/requests", body, null);
  const send = async (
    wish: Partial<Wish> & Pick<Wish, "action">,
    signer = wallet,
  ): Promise<Answer> => {
    const next = await http.v1("GET", `/requests/${wish.name ?? name}`, undefined, null);
    const sequence = Number(next.body["sequence"]);
    return post(await signRequest(signer, { domain: DOMAIN, name, sequence, ...wish }));
  };
  const shown = async () => (await http.v1("GET", `/names/${name}`)).body;
  const profileContent = async (signer = wallet, which = 0) => ({
    signedUserProfile: (await profilesOf(signer, which + 1))[which],
  });

  function expectRefusal({ status, body }: Answer, expected: number, code: string): void {
    expect({ status, code: body["code"] }, String(body["message"])).to.deep.equal({
      status: expected,
      code,
    });
  }

  it("registers a relay node, a network and a certificate, which its history proves", async () => {
    const { signedUserProfile, keys } = await createProfile(wallet, [`relay.${DOMAIN}`]);
    const { address } = wallet;
    for (const [action, content] of [
      ["publishProfile", { signedUserProfile }],
      ["registerRelayNode", { relayNode: provenNode(name, address) }],
      ["registerNetwork", { network: signedNetwork(name, address) }],
      ["publishCertificate", { certificate: signedCertificate(name, keys) }],
    ] as const) {
      const { status, body } = await send({ action, content });
      expect(status, JSON.stringify(body)).to.be.below(300);
    }
    const { texts } = (await shown()) as { texts: Record<string, string> };
    expect(Object.keys(texts).sort()).to.deep.equal([
      "network.dm3.certificate.openpgp",
      "network.dm3.deliveryService",
      "network.dm3.deliveryService.proof",
      "network.dm3.network",
      "network.dm3.profile",
    ]);
    const foreign = { relayNode: provenNode(name, Wallet.createRandom().address) };
    expectRefusal(
      await send({ action: "registerRelayNode", content: foreign }),
      422,
      "WRONG_SIGNER",
    );
    for (const action of ["removeRelayNode", "removeNetwork"] as const) {
      expect((await send({ action, content: {} })).status).to.equal(200);
    }
    const scheme = { scheme: "openpgp" };
    expect((await send({ action: "removeCertificate", content: scheme })).status).to.equal(200);
    expect(await verifyHistory(http.service.names, namehash(name))).to.include({ broken: null });
  });

  it("claims, publishes, writes records, moves and deletes: each once", async () => {
    const due = await http.v1("GET", `/requests/${name}`, undefined, null);
    expect(due.body["nowSec"]).to.be.closeTo(Date.now() / 1000, 5);
    expect(due).to.deep.include({
      status: 200,
      body: {
        nowSec: due.body["nowSec"],
        name,
        domain: DOMAIN,
        owner: null,
        held: false,
        suspended: false,
        sequence: 1,
        resolvers: [{ chainId: "1", resolver: toHex(SERVICE_RESOLVER.resolver) }],
      },
    });
    expect(await send({ action: "claim" })).to.nested.include({
      status: 201,
      "body.name": name,
      "body.outcome": "created",
      "body.sequence": 1,
    });
    const content = await profileContent();
    expect(await send({ action: "publishProfile", content })).to.nested.include({
      status: 200,
      "body.name": name,
      "body.outcome": "changed",
      "body.sequence": 2,
    });
    const records = { texts: { avatar: "a" }, addresses: { "0": BITCOIN } };
    expect((await send({ action: "setRecords", content: { records } })).status).to.equal(200);
    expect(await shown()).to.deep.include({
      owner: wallet.address,
      held: true,
      sequence: 3,
      texts: {
        avatar: "a",
        [DM3_PROFILE_KEY]: `data:application/json,${stringify(content.signedUserProfile)}`,
      },
      addresses: { "0": BITCOIN, "60": wallet.address.toLowerCase() },
    });

    const next = Wallet.createRandom();
    expect((await send({ action: "move", content: { to: next.address } })).status).to.equal(200);
    expect(await shown()).to.deep.include({
      owner: next.address,
      texts: {},
      addresses: { "60": next.address.toLowerCase() },
    });
    expectRefusal(await send({ action: "delete" }), 422, "WRONG_SIGNER");
    expect(await send({ action: "delete" }, next)).to.nested.include({
      status: 200,
      "body.name": name,
      "body.outcome": "deleted",
      "body.sequence": 5,
    });
    expectRefusal(await http.v1("GET", `/names/${name}`), 404, "NOT_FOUND");
  });

  it("keeps what a user signed from the service, which can only suspend it", async () => {
    await send({ action: "publishProfile", content: await profileContent() });
    const before = await shown();
    const [, , another] = await profilesOf(wallet, 3);
    const writes: [method: string, path: string, body?: unknown][] = [
      ["PUT", "/profile", { address: wallet.address, signedUserProfile: another }],
      ["DELETE", "/profile"],
      ["PUT", "/records", { texts: { avatar: "theirs" } }],
      ["PUT", "", { records: { addresses: { "0": BITCOIN } } }],
      ["PUT", "", {}],
      ["DELETE", ""],
    ];
    for (const [method, path, body] of writes) {
      expectRefusal(await http.v1(method, `/names/${name}${path}`, body), 409, "HELD_BY_OWNER");
    }
    expect(await shown()).to.deep.equal(before);

    const suspension = { reason: "spam" };
    expect((await http.v1("PUT", `/names/${name}/suspension`, suspension)).status).to.equal(200);
    expect((await shown())["suspension"]).to.include({ by: "service", reason: "spam" });
    expectRefusal(await send({ action: "delete" }), 409, "NAME_SUSPENDED");
    expect((await http.v1("DELETE", `/names/${name}/suspension`)).status).to.equal(200);
    const { version, ...after } = await shown();
    expect({ ...after, version: before["version"] }).to.deep.equal(before);
    expect(version).not.to.equal(before["version"]);
  });

  it("takes over what the service published, and not the other way round", async () => {
    const [first] = await profilesOf(wallet, 1);
    const profile = { address: wallet.address, signedUserProfile: first };
    expect((await http.v1("PUT", `/names/${name}/profile`, profile)).status).to.equal(201);
    expect((await send({ action: "deleteProfile" })).status).to.equal(200);
    expectRefusal(await http.v1("PUT", `/names/${name}/profile`, profile), 409, "HELD_BY_OWNER");
    const again = { action: "publishProfile", content: { signedUserProfile: first } } as const;
    expect((await send(again)).status).to.equal(200);
  });

  it("goes back to an earlier profile, which nobody else can", async () => {
    const [old, current] = [await profileContent(), await profileContent(wallet, 1)];
    await send({ action: "publishProfile", content: old });
    await send({ action: "publishProfile", content: current });
    expect((await send({ action: "publishProfile", content: old })).status).to.equal(200);
    await send({ action: "delete" });
    for (const content of [old, current]) {
      const offered = { address: wallet.address, ...content };
      const answer = await http.v1("PUT", `/names/${name}/profile`, offered);
      expectRefusal(answer, 409, "SUPERSEDED_PROFILE");
    }
    expect((await send({ action: "publishProfile", content: current })).status).to.equal(201);
    expect(await verifyHistory(http.service.names, namehash(name))).to.include({ broken: null });
  });

  describe("refuses", () => {
    let wish: Wish;
    beforeEach(async () => {
      expect((await send({ action: "claim" })).status).to.equal(201);
      const content = { records: { texts: { avatar: "a" } } };
      wish = { action: "setRecords", domain: DOMAIN, name, content, sequence: 2 };
    });
    /** What is sent and not signed, as it would be after somebody changed it. */
    const altered = (body: SignedRequestBody, changes: Partial<SignedRequestBody["request"]>) => ({
      ...body,
      request: { ...body.request, ...changes },
    });

    it("a request that was used, also after a deletion: WRONG_SEQUENCE", async () => {
      const body = await signRequest(wallet, wish);
      expect((await post(body)).status).to.equal(200);
      expectRefusal(await post(body), 409, "WRONG_SEQUENCE");
      await send({ action: "delete" });
      for (const old of [
        body,
        await signRequest(wallet, { ...wish, action: "claim", content: {}, sequence: 1 }),
      ]) {
        expectRefusal(await post(old), 409, "WRONG_SEQUENCE");
      }
      expect((await send({ action: "claim" })).body).to.include({ sequence: 4 });
    });

    it("an older request than the last, and one that skips: WRONG_SEQUENCE", async () => {
      const late = await signRequest(wallet, wish);
      await send({ action: "setRecords", content: { records: { texts: {} } } });
      expectRefusal(await post(late), 409, "WRONG_SEQUENCE");
      expectRefusal(
        await post(await signRequest(wallet, { ...wish, sequence: 4 })),
        409,
        "WRONG_SEQUENCE",
      );
    });

    it("another chain and another resolver: UNKNOWN_RESOLVER as it is, WRONG_SIGNER when rewritten", async () => {
      const others = [
        { ...SERVICE_RESOLVER, chainId: 5n },
        { ...SERVICE_RESOLVER, resolver: bytes(20, 0x5e) },
      ];
      for (const signedFor of others) {
        const body = await signRequest(wallet, { ...wish, signedFor });
        expectRefusal(await post(body), 404, "UNKNOWN_RESOLVER");
        const ours = { chainId: "1", resolver: toHex(SERVICE_RESOLVER.resolver) };
        expectRefusal(await post({ ...body, ...ours }), 422, "WRONG_SIGNER");
      }
    });

    it("another domain and another name: FORBIDDEN as it is, WRONG_SIGNER when rewritten", async () => {
      const forNested = await signRequest(wallet, { ...wish, domain: NESTED_DOMAIN });
      expectRefusal(await post(forNested), 403, "FORBIDDEN");
      expectRefusal(await post(altered(forNested, { domain: DOMAIN })), 422, "WRONG_SIGNER");
      const other = `other-${name}`;
      const forOther = await signRequest(wallet, { ...wish, name: other });
      expectRefusal(await post(forOther), 409, "WRONG_SEQUENCE");
      expectRefusal(await post(altered(forOther, { name })), 422, "WRONG_SIGNER");
    });

    it("any other part that was changed after signing: WRONG_SIGNER, or the content: INVALID_REQUEST", async () => {
      const body = await signRequest(wallet, wish);
      const changes: Partial<SignedRequestBody["request"]>[] = [
        { action: "delete" },
        { sequence: 3 },
        { deadline: body.request.deadline + 1 },
      ];
      for (const change of changes)
        expectRefusal(await post(altered(body, change)), 422, "WRONG_SIGNER");
      const content = { records: { texts: { avatar: "b" } } };
      expectRefusal(await post({ ...body, content }), 400, "INVALID_REQUEST");
      const { contentHash } = (await signRequest(wallet, { ...wish, content })).request;
      expectRefusal(
        await post({ ...altered(body, { contentHash }), content }),
        422,
        "WRONG_SIGNER",
      );
      const mallory = Wallet.createRandom();
      expectRefusal(await post({ ...body, signer: mallory.address }), 422, "WRONG_SIGNER");
      expectRefusal(await post(await signRequest(mallory, wish)), 422, "WRONG_SIGNER");
    });

    it("a deadline that has passed: REQUEST_EXPIRED, and one far ahead: INVALID_REQUEST", async () => {
      const at = async (deadline: number) => post(await signRequest(wallet, { ...wish, deadline }));
      expectRefusal(await at(nowSec() - 3), 422, "REQUEST_EXPIRED");
      expectRefusal(await at(nowSec() + 3_600), 400, "INVALID_REQUEST");
    });

    it("a body that is none: 400, with the place", async () => {
      const body = await signRequest(wallet, wish);
      const wrong: [body: unknown, sentence: RegExp][] = [
        [{}, /chainId/],
        [{ ...body, extra: 1 }, /extra/],
        [{ ...body, signature: "0x00" }, /checked by a contract wallet/],
        [altered(body, { sequence: -1 }), /request\.sequence/],
        [altered(body, { action: "steal" as "move" }), /request\.action/],
        [
          await signRequest(wallet, { ...wish, content: { records: { texts: { avatar: 7 } } } }),
          /The content of setRecords is not as expected: records/,
        ],
        [
          await signRequest(wallet, {
            ...wish,
            content: { records: { addresses: { "60": "0x00" } } },
          }),
          /coin type 60 is set by/,
        ],
        [
          await signRequest(wallet, { ...wish, action: "move", content: { to: "0x00" } }),
          /40 hexadecimal/,
        ],
        [
          await signRequest(wallet, {
            ...wish,
            action: "move",
            content: { to: `0x${"00".repeat(20)}` },
          }),
          /nobody owns/,
        ],
        [
          await signRequest(wallet, { ...wish, action: "readHistory", content: {} }),
          /POST \/v1\/histories/,
        ],
      ];
      for (const [given, sentence] of wrong) {
        const answer = await post(given);
        expectRefusal(answer, 400, "INVALID_REQUEST");
        expect(answer.body["message"]).to.match(sentence);
      }
      expect(await shown()).to.deep.include({ texts: {}, sequence: 1 });
    });
  });

  it("shows the history to its owner, and to nobody else", async () => {
    await send({ action: "claim" });
    await send({ action: "publishProfile", content: await profileContent() });
    const read = async (signer: HDNodeWallet, changes: Partial<Wish> = {}) => {
      const wish = {
        action: "readHistory",
        domain: DOMAIN,
        name,
        sequence: 0,
        ...changes,
      } as const;
      return http.v1("POST", "/histories?limit=1", await signRequest(signer, wish), null);
    };
    const answer = await read(wallet);
    expect(answer.status).to.equal(200);
    const [{ entry }] = answer.body["entries"] as [{ entry: Record<string, unknown> }];
    expect(entry).to.include({ number: 1, operation: "claim" });
    expect(entry["authority"]).to.include({ kind: "owner", address: wallet.address });
    expect(answer.body["next"]).to.equal(1);
    const byService = await http.v1("GET", `/names/${name}/history?limit=1`);
    expect(byService.body).to.deep.equal(answer.body);
    expectRefusal(await read(Wallet.createRandom()), 422, "WRONG_SIGNER");
    expectRefusal(await read(wallet, { deadline: nowSec() - 3 }), 422, "REQUEST_EXPIRED");
    expectRefusal(await read(wallet, { action: "claim", sequence: 3 }), 400, "INVALID_REQUEST");
    expect(await shown()).to.include({ sequence: 2 });
  });

  it("of 50 at once for one name, takes one: the others are told the next sequence", async () => {
    const bodies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const content = { records: { texts: { index: String(index) } } };
        return signRequest(wallet, {
          ...{ domain: DOMAIN, name, sequence: 2 },
          ...{ action: "setRecords", content },
        });
      }),
    );
    await send({ action: "claim" });
    const answers = await Promise.all(bodies.map(post));
    const taken = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    expect(taken).to.have.length(1);
    for (const [index, answer] of answers.entries()) {
      if (index !== taken[0]) expectRefusal(answer, 409, "WRONG_SEQUENCE");
    }
    expect(await shown()).to.deep.include({ texts: { index: String(taken[0]) }, sequence: 2 });
  });
});
