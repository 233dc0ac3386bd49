/** Names whose labels and length go beyond DNS' bounds, through every surface. */
import { expect } from "chai";
import { dnsEncode, Interface, namehash } from "ethers";
import { DOMAIN, openTestService, type TestService } from "../openTestService.js";

const resolver = new Interface([
  "function resolve(bytes name, bytes data) view returns (bytes result, uint64 expires, bytes signature)",
  "function text(bytes32 node, string key) view returns (string)",
]);

/** 255 bytes, none of them ASCII but one. */
const LONGEST_LABEL = `${"中".repeat(84)}abc`;
/** 1024 bytes in DNS form, the domain's 18 with the terminator among them. */
const LONGEST = `${"a".repeat(255)}.`.repeat(3) + `${"b".repeat(236)}.${DOMAIN}`;
const TOO_LONG = `${"c".repeat(255)}.`.repeat(20) + DOMAIN;

describe("http/v1: names longer than DNS' bounds", () => {
  let service: TestService;
  before(async () => {
    service = await openTestService();
  });
  after(() => service.stop());

  async function avatarOf(name: string): Promise<string> {
    const call = resolver.encodeFunctionData("text", [namehash(name), "avatar"]);
    const request = resolver.encodeFunctionData("resolve", [dnsEncode(name, 255), call]);
    const { status, body } = await service.ccip(request);
    expect(status, JSON.stringify(body)).to.equal(200);
    const [result] = resolver.decodeFunctionResult("resolve", String(body["data"]));
    return String(resolver.decodeFunctionResult("text", String(result))[0]);
  }

  for (const [title, name] of [
    ["three family emoji", `${"👨‍👩‍👧‍👦".repeat(3)}.${DOMAIN}`],
    ["22 CJK characters", `${"中".repeat(22)}.${DOMAIN}`],
    ["a label of 255 bytes", `${LONGEST_LABEL}.${DOMAIN}`],
    ["1024 bytes in DNS form", LONGEST],
  ] as const) {
    it(`are written, read, listed, reserved and looked up: ${title}`, async () => {
      const path = `/names/${encodeURIComponent(name)}`;
      const written = await service.v1("PUT", path, { records: { texts: { avatar: "a" } } });
      expect(written.status, JSON.stringify(written.body)).to.equal(201);
      expect((await service.v1("GET", path)).body).to.include({ name });
      const prefix = encodeURIComponent(name.slice(0, -1));
      const { body } = await service.v1("GET", `/names?prefix=${prefix}`);
      expect(body["names"]).to.have.length(1);
      expect(await avatarOf(name)).to.equal("a");
      const batch = { atomic: true, items: [{ name, records: { texts: { avatar: "b" } } }] };
      expect((await service.v1("POST", "/batches", batch)).status).to.equal(200);
      expect(await avatarOf(name)).to.equal("b");
      const reservation = `/reservations/${encodeURIComponent(name)}`;
      expect((await service.v1("PUT", reservation, {})).status).to.equal(200);
      expect((await service.v1("GET", `/requests/${encodeURIComponent(name)}`)).status).to.equal(
        200,
      );
    });
  }

  it("are absent where they are too long to be stored, and refused when written", async () => {
    expect(await avatarOf(TOO_LONG)).to.equal("");
    const { status, body } = await service.v1("PUT", `/names/${TOO_LONG}`, {});
    expect([status, body["code"]]).to.deep.equal([400, "INVALID_NAME"]);
    expect(body["message"]).to.include("names of at most 1022 can be used here");
  });
});
