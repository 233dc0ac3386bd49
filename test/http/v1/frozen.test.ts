/** A domain that is frozen: it is answered for, and nobody changes it here. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { signRequest } from "../../registry/signed/signedRequests.js";
import {
  type Answer,
  DOMAIN,
  NESTED_API_KEY,
  NESTED_DOMAIN,
  openTestService,
  type TestService,
} from "../openTestService.js";

const TO = "https://new.example/";

describe("http: a frozen domain", () => {
  let http: TestService;
  beforeEach(async () => {
    http = await openTestService();
    await http.v1("PUT", `/names/alice.${DOMAIN}`, {});
    await http.v1("PUT", `/reservations/kept.${DOMAIN}`, {});
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    await http.service.domains.freeze(DOMAIN, { to: TO });
  });
  afterEach(() => http.stop());

  function expectFrozen({ status, body }: Answer, to: string | null = TO) {
    expect([status, body["code"]]).to.deep.equal([409, "DOMAIN_FROZEN"]);
    expect(body["details"]).to.deep.equal({ domain: DOMAIN, ...(to !== null && { to }) });
  }

  it("says where it is changed now, to services and to wallets", async () => {
    expectFrozen(await http.v1("PUT", `/names/bob.${DOMAIN}`, {}));
    expectFrozen(await http.v1("DELETE", `/names/alice.${DOMAIN}`));
    expectFrozen(await http.v1("PUT", `/reservations/other.${DOMAIN}`, {}));
    expectFrozen(await http.v1("DELETE", `/reservations/kept.${DOMAIN}`));
    const wallet = Wallet.createRandom();
    const asked = { domain: DOMAIN, name: `own.${DOMAIN}`, action: "claim", sequence: 1 } as const;
    expectFrozen(await http.v1("POST", "/requests", await signRequest(wallet, asked), null));
    const { body } = await http.v1("POST", "/batches", {
      atomic: false,
      items: [{ name: `carol.${DOMAIN}` }],
    });
    expect(body).to.have.nested.property("items[0].error.code", "DOMAIN_FROZEN");
  });

  it("is read as before, and says that it is frozen", async () => {
    expect(await http.v1("GET", `/names/alice.${DOMAIN}`)).to.include({ status: 200 });
    expect((await http.v1("GET", "/domain")).body["frozen"]).to.deep.equal({ to: TO });
    expect((await http.v1("GET", "/domain", undefined, NESTED_API_KEY)).body["frozen"]).to.equal(
      null,
    );
  });

  it("says for which mirror it is frozen to that one alone", async () => {
    const [by, other] = ["1", "2"].map((last) => `00000000-0000-4000-8000-00000000000${last}`);
    const isFor = async (query: string) =>
      (await http.v1("GET", `/domain/frozen${query}`)).body["isFrozenFor"];
    expect(await isFor(`?by=${by}`)).to.equal(false);
    await http.service.domains.freeze(DOMAIN, null);
    expect(await http.v1("PUT", "/domain/frozen", { to: TO, by })).to.include({ status: 200 });
    expect(await isFor(`?by=${by}`)).to.equal(true);
    expect([await isFor(`?by=${other}`), await isFor("")]).to.deep.equal([false, false]);
    await http.service.domains.freeze(DOMAIN, { to: TO });
    expect(await isFor(`?by=${by}`)).to.equal(false);
  });

  it("does not keep a domain below it from changes", async () => {
    const { status } = await http.v1("PUT", `/names/a.${NESTED_DOMAIN}`, {}, NESTED_API_KEY);
    expect(status).to.equal(201);
  });

  it("is changed again when it is not frozen any more, and may not say where", async () => {
    await http.service.domains.freeze(DOMAIN, { to: null });
    const refused = await http.v1("PUT", `/names/bob.${DOMAIN}`, {});
    expectFrozen(refused, null);
    expect(refused.body["message"]).to.match(/ask its operator where/);
    await http.service.domains.freeze(DOMAIN, null);
    expect(await http.v1("PUT", `/names/bob.${DOMAIN}`, {})).to.include({ status: 201 });
  });

  it("has no change that comes after its freezing: those under way come to their end before it", async () => {
    const { domains } = http.service;
    for (let round = 0; round < 5; round++) {
      await domains.freeze(DOMAIN, null);
      const writing = Array.from({ length: 20 }, (_, index) =>
        http.v1("PUT", `/names/n${round}-${index}.${DOMAIN}`, {}),
      );
      await Promise.race(writing);
      await domains.freeze(DOMAIN, { to: TO });
      const { body: first } = await http.v1("GET", "/names");
      for (const answer of await Promise.all(writing)) {
        if (answer.status !== 201) expectFrozen(answer);
      }
      expect((await http.v1("GET", "/names")).body).to.deep.equal(first);
    }
  });
});
