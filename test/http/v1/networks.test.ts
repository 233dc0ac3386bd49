import { expect } from "chai";
import { listNetworks } from "../../../src/sdk/index.js";
import { SIGNED_AT_SEC, signedNetwork } from "../../registry/signedStatements.js";
import { everyItem } from "../../service-client/everyItem.js";
import { DOMAIN, openTestService, type TestService } from "../openTestService.js";

describe("http: GET /v1/networks", () => {
  let http: TestService;
  const name = `xmpp.${DOMAIN}`;

  before(async () => {
    http = await openTestService();
    for (const [label, change] of [
      ["xmpp", {}],
      ["mail", { kind: "bridge", network: "mail", nativeDomain: null }],
    ] as const) {
      const one = `${label}.${DOMAIN}`;
      const put = await http.v1("PUT", `/networks/${one}`, signedNetwork(one, null, change));
      expect(put).to.include({ status: 200 });
    }
  });
  after(() => http.stop());

  const get = async (query: string) => {
    const response = await fetch(`${http.url}/v1/networks${query}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("lists them for anybody, with kind and name", async () => {
    const { status, body } = await get("");
    expect(status).to.equal(200);
    const [mail, xmpp] = body["networks"] as readonly Record<string, unknown>[];
    expect(mail).to.include({ name: `mail.${DOMAIN}`, kind: "bridge", nativeDomain: null });
    expect(xmpp).to.deep.equal({
      ...{ name, domain: DOMAIN, kind: "gateway", network: "xmpp", names: "users.example.eth" },
      ...{ nativeDomain: "chat.example", virtualDomain: "dm3.chat.example", directions: "both" },
      ...{ codecs: ["dm3"], relayNodes: ["relay.users.example.eth"], signedAtSec: SIGNED_AT_SEC },
    });
    expect(body["next"]).to.equal(null);
  });

  it("lists in pages, and those of a native domain in any case", async () => {
    const first = await get("?limit=1");
    expect(first.body["next"]).to.equal(`mail.${DOMAIN}`);
    const second = await get(`?limit=1&after=mail.${DOMAIN}`);
    expect(second.body["next"]).to.equal(null);
    for (const domain of ["chat.example", "Chat.Example"]) {
      const { body } = await get(`?nativeDomain=${domain}`);
      expect(body["networks"]).to.have.length(1);
    }
    expect((await get("?nativeDomain=else.example")).body).to.deep.equal({
      ...{ networks: [], next: null },
    });
  });

  it("refuses what has no bound", async () => {
    for (const query of ["?limit=101", "?limit=0", `?nativeDomain=${"x".repeat(254)}`, "?x=1"]) {
      expect(await get(query), query).to.include({ status: 400 });
    }
  });

  it("is what listNetworks of the SDK reads, without an API key", async () => {
    const names = async (options?: object) =>
      (await everyItem(listNetworks({ url: http.url }, options))).map((one) => one.name);
    expect(await names({ pageSize: 1 })).to.deep.equal([`mail.${DOMAIN}`, name]);
    expect(await names({ nativeDomain: "chat.example" })).to.deep.equal([name]);
  });

  it("loses a name that is suspended", async () => {
    const path = `/names/${name}/suspension`;
    expect(await http.v1("PUT", path, { reason: "spam" })).to.include({ status: 200 });
    expect((await get("")).body["networks"]).to.have.length(1);
    expect(await http.v1("DELETE", path)).to.include({ status: 200 });
    expect((await get("")).body["networks"]).to.have.length(2);
  });
});
