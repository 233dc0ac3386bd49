/** What a stock dm3 client does from sign-up to giving its name up, and what becomes of it in ENS. */
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { DM3_PROFILE_KEY } from "../../../src/dm3/profile/profileRecord.js";
import { stringify } from "../../../src/dm3/stringify.js";
import { namehash } from "../../../src/ens/namehash.js";
import { ADDRESSES, type Dm3Service, NAMES, openDm3Service } from "./openDm3Service.js";
import { type StockClient, stockClient } from "./stockClient.js";

describe("http: a stock client of dm3", () => {
  let http: Dm3Service;
  let client: StockClient;
  let name: string;
  let count = 0;

  before(async () => {
    http = await openDm3Service();
  });
  after(() => http.stop());
  beforeEach(async () => {
    client = await stockClient(http);
    name = `client-${count++}.${NAMES}`;
  });
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  const OK = { status: 200, contentType: "text/plain; charset=utf-8", body: "OK" };
  const stored = (of: string) => http.service.names.nameOf(namehash(of));
  /** What ENS answers for both of the client's names. */
  const shown = async () => {
    const both = await Promise.all([stored(client.addressName), stored(name)]);
    return both.map((one) => [
      one?.texts.get(DM3_PROFILE_KEY),
      toHex(one?.addresses.get(60n) ?? new Uint8Array()),
    ]);
  };
  const recordOf = (signed: unknown) => `data:application/json,${stringify(signed)}`;

  it("signs up, chooses a name, changes its relay nodes, and gives the name up", async () => {
    const address = client.wallet.address.toLowerCase();
    const first = await client.profileWith("one.relay.eth");
    expect(await client.claimAddress(first)).to.deep.equal(OK);
    expect((await client.getNameForAddress()).status).to.equal(404);
    expect(await client.claimSubdomain(name)).to.deep.equal(OK);
    expect((await client.getNameForAddress()).body).to.equal(JSON.stringify({ name }));
    expect(await shown()).to.deep.equal([
      [recordOf(first), address],
      [recordOf(first), address],
    ]);

    const second = await client.profileWith("one.relay.eth", "two.relay.eth");
    expect(await client.claimAddress(second)).to.deep.equal(OK);
    expect(await shown()).to.deep.equal([
      [recordOf(second), address],
      [recordOf(second), address],
    ]);
    const read = await http.get(`/profile/${client.wallet.address}`);
    expect(JSON.parse(read.body)).to.deep.equal(second);

    expect(await client.removeAlias(name)).to.deep.equal(OK);
    expect((await client.getNameForAddress()).status).to.equal(404);
    expect(await stored(name)).to.equal(null);
    expect((await stored(client.addressName))?.held).to.equal(false);
  });

  it("may choose another name after it gave one up", async () => {
    await client.claimAddress(await client.profileWith("one.relay.eth"));
    expect(await client.claimSubdomain(name)).to.deep.equal(OK);
    await client.removeAlias(name);
    expect(await client.claimSubdomain(`x-${name}`)).to.deep.equal(OK);
  });

  it("sends its profile for several servers at the same time", async () => {
    const [first, second] = await Promise.all([
      client.profileWith("one.relay.eth"),
      client.profileWith("two.relay.eth"),
    ]);
    const signUps = await Promise.all([1, 2, 3, 4].map(() => client.claimAddress(first)));
    expect(signUps).to.deep.equal([OK, OK, OK, OK]);
    await client.claimSubdomain(name);
    const updates = await Promise.all([1, 2, 3, 4].map(() => client.claimAddress(second)));
    expect(updates).to.deep.equal([OK, OK, OK, OK]);
    const record = recordOf(second);
    expect((await shown()).map(([text]) => text)).to.deep.equal([record, record]);
  });

  it("chooses a name while its profile changes, and has the new one under both", async () => {
    for (let round = 0; round < 8; round++) {
      client = await stockClient(http);
      name = `race-${round}.${NAMES}`;
      await client.claimAddress(await client.profileWith("one.relay.eth"));
      const second = await client.profileWith("two.relay.eth");
      const [updated, chosen] = await Promise.all([
        client.claimAddress(second),
        client.claimSubdomain(name),
      ]);
      expect(updated).to.deep.equal(OK);
      if (chosen.status !== 200) {
        expect(chosen.body).to.equal('{"error":"Could not create alias"}');
        expect(await client.claimSubdomain(name)).to.deep.equal(OK);
      }
      const record = recordOf(second);
      expect((await shown()).map(([text]) => text)).to.deep.equal([record, record]);
    }
  });

  it("chooses one name, also when it asks for two at the same time", async () => {
    await client.claimAddress(await client.profileWith("one.relay.eth"));
    const asked = await Promise.all([
      client.claimSubdomain(name),
      client.claimSubdomain(`x${name}`),
    ]);
    expect(asked.map(({ status }) => status).sort()).to.deep.equal([200, 400]);
  });

  it("leaves a history in the right of dm3", async () => {
    await client.claimAddress(await client.profileWith("one.relay.eth"));
    const entries = await http.service.names.historyOf(namehash(client.addressName), 0, 10);
    expect(
      entries.map(({ entry: { authority, operation } }) => ({ authority, operation })),
    ).to.deep.equal([
      {
        authority: { kind: "dm3", address: client.wallet.address },
        operation: "publishProfile",
      },
    ]);
  });

  it("may call from any page", async () => {
    const preflight = await fetch(`${http.url}/profile/name`, {
      method: "OPTIONS",
      headers: {
        origin: "https://messenger.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-origin")).to.equal("*");
    expect(preflight.headers.get("access-control-allow-methods")).to.include("POST");
    expect(preflight.headers.get("access-control-allow-headers")).to.equal("content-type");
    const refused = await fetch(`${http.url}/profile/address`, { method: "POST" });
    expect(refused.status).to.equal(400);
    expect(refused.headers.get("access-control-allow-origin")).to.equal("*");
  });

  it("works where both kinds of names lie under one domain", async () => {
    const one = await openDm3Service({ dm3Domains: { addresses: ADDRESSES, names: ADDRESSES } });
    try {
      await one.service.domains.changeDomain(ADDRESSES, { policy: { claims: "wallets" } });
      const theirs = await stockClient(one);
      await theirs.claimAddress(await theirs.profileWith("one.relay.eth"));
      expect(await theirs.claimSubdomain(`alice.${ADDRESSES}`)).to.deep.equal(OK);
      expect((await theirs.claimSubdomain(`bob.${ADDRESSES}`)).status).to.equal(400);
      const found = await theirs.getNameForAddress();
      expect(found.body).to.equal(JSON.stringify({ name: `alice.${ADDRESSES}` }));
      expect((await theirs.removeAlias(theirs.addressName)).body).to.match(/Couldn't get address/);
      const second = await theirs.profileWith("two.relay.eth");
      expect(await theirs.claimAddress(second)).to.deep.equal(OK);
      const alias = await one.service.names.nameOf(namehash(`alice.${ADDRESSES}`));
      expect(alias?.texts.get(DM3_PROFILE_KEY)).to.equal(recordOf(second));
    } finally {
      await one.stop();
    }
  });

  it("finds nothing where the API is off, which is the default, and no names where none are offered", async () => {
    const off = await openDm3Service({ dm3Domains: null });
    const addressesOnly = await openDm3Service({
      dm3Domains: { addresses: ADDRESSES, names: null },
    });
    try {
      const stranger = await stockClient(off);
      const profile = await stranger.profileWith("one.relay.eth");
      expect((await stranger.claimAddress(profile)).status).to.equal(404);
      expect((await stranger.getNameForAddress()).status).to.equal(404);
      const theirs = await stockClient(addressesOnly);
      expect(await theirs.claimAddress(await theirs.profileWith("one.relay.eth"))).to.deep.equal(
        OK,
      );
      const refused = await theirs.claimSubdomain(name);
      expect(refused.body).to.equal(
        JSON.stringify({ error: `dm3 name ${name} is not supported. Invalid subdomain` }),
      );
      expect((await theirs.getNameForAddress()).status).to.equal(404);
    } finally {
      await off.stop();
      await addressesOnly.stop();
    }
  });
});
