/** Addresses and content hashes that no client could use: refused by every surface, and kept where they are already. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { namehash } from "../../../src/ens/namehash.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { setRecords } from "../../registry/changes/serviceWrites.js";
import { BITCOIN } from "../../registry/names/sampleRecords.js";
import { profilesOf } from "../../registry/openRegistry.js";
import { call, operationPath, signOperation } from "../../registry/signed/signedOperations.js";
import { nowSec, SERVICE_RESOLVER, signRequest } from "../../registry/signed/signedRequests.js";
import { type Answer, DOMAIN, openTestService, type TestService } from "../openTestService.js";

const CUT_OFF = "0xe30101701220c3c4733ec8affd06cf9e";
const ETHEREUM = `0x${"5a".repeat(20)}`;
const ZERO = `0x${"00".repeat(20)}`;
const UNUSABLE: readonly [records: object, sentence: RegExp][] = [
  [{ contenthash: CUT_OFF }, /no whole CID: it may have been cut off/],
  [{ addresses: { "0": ETHEREUM } }, /coin type 0 is no Bitcoin address/],
  [{ addresses: { "2147483658": ZERO } }, /is all zeros, which is nobody's/],
];

describe("http/v1: records that no client could use", () => {
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
    name = `usable-${count++}.${DOMAIN}`;
    const [signedUserProfile] = await profilesOf(wallet, 1);
    const { address } = wallet;
    await http.v1("PUT", `/names/${name}/profile`, { address, signedUserProfile });
  });
  afterEach(async () => {
    expect(http.failures).to.deep.equal([]);
    expect((await verifyHistory(http.service.names, namehash(name))).broken).to.equal(null);
  });

  const shown = async () => (await http.v1("GET", `/names/${name}`)).body;
  const write = async (data: string, expirationSec = nowSec() + 880) =>
    http.v1(
      "POST",
      operationPath(SERVICE_RESOLVER),
      await signOperation(wallet, { data, expirationSec }),
      null,
    );
  function expectRefused({ status, body }: Answer, sentence: RegExp): void {
    expect([status, body["code"]], String(body["message"])).to.deep.equal([400, "INVALID_REQUEST"]);
    expect(body["message"]).to.match(sentence);
  }

  for (const [records, sentence] of UNUSABLE) {
    it(`are refused when a service or a wallet writes them: ${JSON.stringify(records)}`, async () => {
      const before = await shown();
      expectRefused(await http.v1("PUT", `/names/${name}/records`, records), sentence);
      expectRefused(await http.v1("PUT", `/names/${name}`, { records }), sentence);
      const batch = { atomic: true, items: [{ name, records }] };
      expectRefused(await http.v1("POST", "/batches", batch), sentence);
      const action = "setRecords" as const;
      const wish = { domain: DOMAIN, name, action, sequence: 1, content: { records } };
      expectRefused(
        await http.v1("POST", "/requests", await signRequest(wallet, wish), null),
        sentence,
      );
      expect(await shown()).to.deep.equal(before);
    });
  }

  it("are refused when an ENS app writes them", async () => {
    const setAddr = (coinType: number, bytes: string) =>
      call("setAddr(bytes32,uint256,bytes)", name, coinType, bytes);
    expectRefused(await write(setAddr(0, ETHEREUM)), /no Bitcoin address/);
    expectRefused(await write(setAddr(0x8000_000a, ZERO)), /all zeros/);
    expectRefused(await write(call("setContenthash", name, CUT_OFF)), /no whole CID/);
  });

  it("stay where an earlier version took them, whatever is written beside them", async () => {
    const earlier = { addresses: { "0": "0x00", "2147483658": ZERO }, contenthash: CUT_OFF };
    const stores = http.service;
    await setRecords(stores, { domain: DOMAIN, name, records: earlier });
    const litecoin = "0x001493ce48570b55c42c2af816aeaba06cfee1224fae";
    const written = await write(call("setAddr(bytes32,uint256,bytes)", name, 2, litecoin));
    expect(written.status, JSON.stringify(written.body)).to.equal(200);
    expect(await shown()).to.deep.include({
      contenthash: CUT_OFF,
      addresses: { ...earlier.addresses, "2": litecoin, "60": wallet.address.toLowerCase() },
    });
    const mended = await write(
      call("setAddr(bytes32,uint256,bytes)", name, 0, BITCOIN),
      nowSec() + 890,
    );
    expect(mended.status).to.equal(200);
    expect(await shown()).to.have.nested.property("addresses.0", BITCOIN);
  });
});
