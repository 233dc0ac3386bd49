/** Lookups as dm3's CCIP gateway sends them to its handler, beyond those that were recorded. */
import { expect } from "chai";
import { AbiCoder, dnsEncode, Interface } from "ethers";
import { recordCall } from "../../gateway/ensRequest.js";
import { BITCOIN } from "../../registry/names/sampleRecords.js";
import { DOMAIN, RESOLVER } from "../openTestService.js";
import {
  ADDRESSES,
  ADDRESSES_KEY,
  type Dm3Service,
  NAMES,
  NAMES_KEY,
  openDm3Service,
} from "./openDm3Service.js";
import { type StockClient, stockClient } from "./stockClient.js";

const resolver = new Interface(["function resolve(bytes name, bytes data)"]);
const UNKNOWN = {
  status: 400,
  contentType: "application/json; charset=utf-8",
  body: '{"message":"Unknown error"}',
};
const NOTHING = { status: 200, contentType: "text/html; charset=utf-8", body: "0x" };

describe("http: lookups of dm3's CCIP gateway", () => {
  let http: Dm3Service;
  let client: StockClient;
  const name = `alice.${NAMES}`;

  before(async () => {
    http = await openDm3Service();
    client = await stockClient(http);
    await client.claimAddress(await client.profileWith("one.relay.eth"));
    await client.claimSubdomain(name);
    const records = {
      texts: { avatar: "https://example.eth/a.png" },
      addresses: { "0": BITCOIN },
    };
    expect((await http.v1("PUT", `/names/${name}/records`, records, NAMES_KEY)).status).to.equal(
      200,
    );
    expect((await http.v1("PUT", `/names/alice.${DOMAIN}/records`, records)).status).to.equal(200);
  });
  after(() => http.stop());
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  const callData = (of: string, call: string) =>
    resolver.encodeFunctionData("resolve", [dnsEncode(of), call]);
  const ask = (of: string, call: string) => http.get(`/${RESOLVER}/${callData(of, call)}`);
  const addrOf = (of: string) => ask(of, recordCall(of, "addr(bytes32)"));

  it("are answered with what the service wrote, and with the wallet's address", async () => {
    const avatar = await ask(name, recordCall(name, "text", "avatar"));
    expect(AbiCoder.defaultAbiCoder().decode(["string"], avatar.body)[0]).to.equal(
      "https://example.eth/a.png",
    );
    const bitcoin = await ask(name, recordCall(name, "addr(bytes32,uint256)", 0));
    expect(AbiCoder.defaultAbiCoder().decode(["bytes"], bitcoin.body)[0]).to.equal(BITCOIN);
    expect((await addrOf(name)).body).to.equal(client.wallet.address.toLowerCase());
    expect((await addrOf(client.addressName)).body).to.equal(client.wallet.address.toLowerCase());
  });

  it("find nothing under other services' domains, the domains themselves, or deeper", async () => {
    for (const other of [`alice.${DOMAIN}`, DOMAIN, NAMES, ADDRESSES, `x.${name}`, "vitalik.eth"]) {
      expect(await addrOf(other)).to.deep.equal(NOTHING);
      const avatar = recordCall(other, "text", "avatar");
      expect(await ask(other, avatar)).to.deep.equal(NOTHING);
    }
  });

  it("find nothing while a name is suspended", async () => {
    const path = `/names/${client.addressName}/suspension`;
    await http.v1("PUT", path, { reason: "spam" }, ADDRESSES_KEY);
    expect(await addrOf(client.addressName)).to.deep.equal(NOTHING);
    await http.v1("DELETE", path, undefined, ADDRESSES_KEY);
    expect((await addrOf(client.addressName)).body).to.have.length(42);
  });

  it("that cannot be read are 400, those for no resolver 404", async () => {
    const good = callData(name, recordCall(name, "addr(bytes32)"));
    const bad = [
      "0x",
      "0x1",
      "0x12345678",
      good.slice(0, -64),
      good.slice(0, 100),
      `0x12345678${good.slice(10)}`,
      callData(name, "0x"),
      callData(name, "0x12345678"),
      callData(name, recordCall(`bob.${NAMES}`, "addr(bytes32)")),
    ];
    for (const data of bad)
      expect([data, await http.get(`/${RESOLVER}/${data}`)]).to.deep.equal([data, UNKNOWN]);
    for (const path of [
      `/${RESOLVER.slice(0, -1)}/${good}`,
      `/x/${good}`,
      `/${RESOLVER}/x`,
      `/${RESOLVER}/${good}/x`,
    ]) {
      expect((await http.get(path)).status).to.equal(404);
    }
  });
});
