/** Whatever comes over HTTP: a refusal with a sentence, or a correct answer; never a crash, never unsigned. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet, getBytes, hexlify } from "ethers";
import fc from "fast-check";
import type { SignedUserProfile } from "../../src/dm3/profile.js";
import {
  rawDnsName,
  rawResolveRequest,
  recordCall,
  resolveRequest,
  textRequest,
  verifyAnswer,
} from "../gateway/ensRequest.js";
import { profilesOf } from "../registry/openRegistry.js";
import {
  type Answer,
  CCIP_PATH,
  DOMAIN,
  RESOLVER,
  SIGNER,
  type TestService,
  answerOf,
  openTestService,
} from "./openTestService.js";

const ALICE = `alice.${DOMAIN}`;
const SEED = 20261123;

describe("http: fuzzed requests", function () {
  this.timeout(30_000);
  let http: TestService;
  let wallet: HDNodeWallet;
  let signed: SignedUserProfile;

  before(async () => {
    http = await openTestService();
    wallet = Wallet.createRandom();
    [signed] = (await profilesOf(wallet, 1)) as [SignedUserProfile];
    const body = { address: wallet.address, signedUserProfile: signed };
    expect(await http.v1("PUT", `/names/${ALICE}/profile`, body)).to.include({ status: 201 });
  });
  after(() => http.stop());
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  const check = <T>(runs: number, input: fc.Arbitrary<T>, test: (input: T) => Promise<void>) =>
    fc.assert(fc.asyncProperty(input, test), { numRuns: runs, seed: SEED });

  function expectSentence({ status, body }: Answer): void {
    expect(status, JSON.stringify(body)).to.be.oneOf([400, 403, 404, 409, 422]);
    expect(body["message"]).to.match(/^[^]{20,}$/);
  }

  /** Every 200 carries a signature that our resolver would accept for exactly this request. */
  async function expectAnswered(request: string, answer: Answer): Promise<void> {
    if (answer.status !== 200) {
      expectSentence(answer);
      return;
    }
    const verified = verifyAnswer(String(answer.body["data"]), { target: RESOLVER, request });
    expect(verified.signer, request).to.equal(SIGNER);
    await Promise.resolve();
  }
  const lookUp = async (request: string) => expectAnswered(request, await http.ccip(request));

  it("random call data", () =>
    check(150, fc.uint8Array({ maxLength: 400 }), (data) => lookUp(hexlify(data))));

  it("random call data behind the selector of resolve", () =>
    check(150, fc.uint8Array({ maxLength: 400 }), (data) =>
      lookUp(`0x9061b923${hexlify(data).slice(2)}`),
    ));

  it("valid call data with some bytes changed, cut or added", async () => {
    const items = [recordCall(ALICE, "text", "avatar"), recordCall(ALICE, "addr(bytes32)")];
    const valid = [
      textRequest(ALICE, "network.dm3.profile", 1n),
      textRequest(ALICE, "network.dm3.profile"),
      resolveRequest(ALICE, recordCall(ALICE, "addr(bytes32,uint256)", 60n), 1n),
      resolveRequest(ALICE, recordCall(ALICE, "multicall", items), 1n),
    ].map((request) => getBytes(request));
    const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const mutation = fc.record({
      request: fc.constantFrom(...valid),
      changes: fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
      keep: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: place }),
      added: fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 40 })),
    });
    let answered = 0;
    await check(300, mutation, async ({ request, changes, keep, added }) => {
      const kept = request.slice(0, Math.ceil(request.length * keep));
      for (const [at, value] of changes) kept[Math.floor(at * kept.length)] = value;
      const mutated = hexlify(Uint8Array.of(...kept, ...added));
      const answer = await http.ccip(mutated);
      if (answer.status === 200) answered++;
      await expectAnswered(mutated, answer);
    });
    // the signature check above was not idle, and neither were the refusals
    expect(answered).to.be.within(20, 280);
  });

  it("random names, in DNS form", async () => {
    const label = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.string({ unit: "grapheme", maxLength: 10 }),
      fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    );
    await check(200, fc.array(label, { maxLength: 3 }), async (labels) => {
      const dnsName = rawDnsName(...labels, ...DOMAIN.split("."));
      await lookUp(rawResolveRequest(dnsName, "0x12345678"));
      await lookUp(rawResolveRequest(rawDnsName(...labels), "0x12345678"));
    });
  });

  it("random paths and bodies of the gateway", () =>
    check(150, fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.json()), async (text) => {
      const path = encodeURIComponent(text.toWellFormed());
      for (const url of [`${CCIP_PATH}/${path}`, `/ccip/${path}/x/0x`]) {
        expectSentence(await answerOf(fetch(http.url + url)));
      }
      const posted = fetch(http.url + CCIP_PATH, { method: "POST", body: text });
      expectSentence(await answerOf(posted));
    }));

  it("random names on the service API", () =>
    check(150, fc.string({ unit: "binary", maxLength: 40 }), async (text) => {
      const label = encodeURIComponent(text.toWellFormed());
      for (const path of [`/names/${label}.${DOMAIN}`, `/names/${label}`]) {
        const answer = await http.v1("GET", path);
        // ALICE is there; anything else is malformed, another's, or absent
        if (answer.status !== 200) expectSentence(answer);
        // "" and "." are no name: that path is the list, in which there is nobody else
        else if ("names" in answer.body) expect(answer.body["names"]).to.have.length(1);
        else expect(answer.body).to.include({ name: ALICE });
      }
    }));

  it("random profiles and records: none of them is ever served", async () => {
    const { profile, signature } = signed;
    const json = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
    );
    const body = fc.oneof(
      json,
      fc.record({ address: json, signedUserProfile: json }),
      fc.record({ address: fc.constant(wallet.address), signedUserProfile: json }),
      fc.tuple(fc.constantFrom(...Object.keys(profile)), json).map(([field, value]) => ({
        address: wallet.address,
        signedUserProfile: { profile: { ...profile, [field]: value }, signature },
      })),
      fc.uint8Array({ minLength: 65, maxLength: 65 }).map((random) => ({
        address: wallet.address,
        signedUserProfile: { profile, signature: hexlify(random) },
      })),
    );
    const name = `fuzz.${DOMAIN}`;
    await check(250, body, async (published) => {
      expectSentence(await http.v1("PUT", `/names/${name}/profile`, published));
      expectSentence(await http.v1("PUT", `/relay-nodes/${name}`, published));
      if (JSON.stringify(published) !== "{}") {
        const records = await http.v1("PUT", `/names/${name}/records`, published);
        expectSentence(records);
      }
    });
    expectSentence(await http.v1("GET", `/names/${name}`));
  });

  it("random records: stored as they came, or refused", async () => {
    const name = `records.${DOMAIN}`;
    const texts = fc.dictionary(
      fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
      fc.string({ unit: "binary", maxLength: 40 }),
      { maxKeys: 5, noNullPrototype: true },
    );
    await check(150, texts, async (given) => {
      const answer = await http.v1("PUT", `/names/${name}/records`, { texts: given });
      if (answer.status !== 200) {
        expectSentence(answer);
        return;
      }
      const { body } = await http.v1("GET", `/names/${name}`);
      expect(body["texts"]).to.deep.equal(given);
    });
  });
});
