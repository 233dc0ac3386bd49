/** ENSIP-25 and ENSIP-26 put square brackets into keys: `agent-endpoint[mcp]`. */
import { expect } from "chai";
import { AbiCoder, dnsEncode, Interface, namehash, Wallet } from "ethers";
import { profilesOf } from "../../registry/openRegistry.js";
import { call, operationPath, signOperation } from "../../registry/signed/signedOperations.js";
import { nowSec, SERVICE_RESOLVER, signRequest } from "../../registry/signed/signedRequests.js";
import { DOMAIN, openTestService, type TestService } from "../openTestService.js";

const KEYS = ["agent-endpoint[mcp]", "agent-registration[0x00010000010114][167]", "a[b][c]{d}"];
const resolver = new Interface([
  "function resolve(bytes name, bytes data) view returns (bytes result, uint64 expires, bytes signature)",
  "function text(bytes32 node, string key) view returns (string)",
  "function data(bytes32 node, string key) view returns (bytes)",
]);

describe("http/v1: keys with square brackets", () => {
  let http: TestService;
  before(async () => {
    http = await openTestService();
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
  });
  after(() => http.stop());

  async function lookup(name: string, kind: "text" | "data", key: string): Promise<string> {
    const inner = resolver.encodeFunctionData(kind, [namehash(name), key]);
    const request = resolver.encodeFunctionData("resolve", [dnsEncode(name, 255), inner]);
    const { body } = await http.ccip(request);
    const [result] = resolver.decodeFunctionResult("resolve", String(body["data"]));
    const [value] = AbiCoder.defaultAbiCoder().decode(
      [kind === "text" ? "string" : "bytes"],
      String(result),
    );
    return String(value);
  }

  it("are written by services, in one request and in a batch, and served", async () => {
    const name = `agent.${DOMAIN}`;
    const texts = Object.fromEntries(KEYS.map((key) => [key, `of ${key}`]));
    const data = { [KEYS[0]!]: "0xda7a" };
    const written = await http.v1("PUT", `/names/${name}/records`, { texts, data });
    expect(written.status).to.equal(200);
    const batch = { atomic: true, items: [{ name, records: { texts } }] };
    expect((await http.v1("POST", "/batches", batch)).status).to.equal(200);
    expect((await http.v1("GET", `/names/${name}`)).body).to.deep.include({ texts, data });
    for (const key of KEYS) expect(await lookup(name, "text", key)).to.equal(`of ${key}`);
    expect(await lookup(name, "data", KEYS[0]!)).to.equal("0xda7a");
  });

  it("are written by wallets: in a signed request, and by ERC-7884", async () => {
    const wallet = Wallet.createRandom();
    const name = `agents-wallet.${DOMAIN}`;
    const [signedUserProfile] = await profilesOf(wallet, 1);
    const { address } = wallet;
    await http.v1("PUT", `/names/${name}/profile`, { address, signedUserProfile });
    const [first, second] = KEYS as [string, string];
    const write = await signOperation(wallet, {
      data: call("setText", name, second, "b"),
      expirationSec: nowSec() + 880,
    });
    const written = await http.v1("POST", operationPath(SERVICE_RESOLVER), write, null);
    expect(written.status, JSON.stringify(written.body)).to.equal(200);
    expect(await lookup(name, "text", second)).to.equal("b");
    const content = { records: { texts: { [first]: "a" } } };
    const wish = { domain: DOMAIN, name, action: "setRecords" as const, sequence: 2, content };
    const request = await signRequest(wallet, wish);
    expect((await http.v1("POST", "/requests", request, null)).status).to.equal(200);
    expect(await lookup(name, "text", first)).to.equal("a");
  });
});
