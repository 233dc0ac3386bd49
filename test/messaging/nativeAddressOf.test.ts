import { expect } from "chai";
import fc from "fast-check";
import { nativeAddressOf as addressOfInBrowser } from "../../src/sdk/index.js";
import { nativeAddressOf, resolveNativeAddress } from "../../src/sdk/node.js";
import { expectRejection } from "../expectError.js";
import { answer } from "../lookup/loopbackServer.js";
import { BOB, NETWORK, networkRecord, networkSuite, PEOPLE } from "../lookup/networkScene.js";
import { expectAbsent, expectFound, expectUnreachable } from "../lookup/outcomes.js";
import { DOMAIN } from "../lookup/scene.js";

describe("messaging/nativeAddressOf", () => {
  const suite = networkSuite();

  const addressOf = (name: string, network = NETWORK) =>
    nativeAddressOf({ name, network }, suite.scene.options);

  it("calls a DM3 user by its name, under the domain for virtual users", async () => {
    const found = expectFound(await addressOf("Alice.eth"));
    expect(found).to.include({ name: "alice.eth", address: "alice.eth@dm3.chat.example" });
    expect(found).to.include({ user: "virtual", isReversible: true, kind: "gateway" });
    const asked = { name: "alice.eth", network: NETWORK };
    expect(await addressOfInBrowser(asked, suite.scene.options)).to.deep.equal(found);
  });

  it("encodes what a server would fold", async () => {
    const found = expectFound(await addressOf("jürgen.eth"));
    expect(found.address).to.equal("x-nlb3y4thmvxc4zluna@dm3.chat.example");
  });

  it("calls the network's own people by their address", async () => {
    const found = expectFound(await addressOf(BOB));
    expect(found).to.include({ address: "bob@chat.example", user: "native", isReversible: true });
  });

  it("says where only the network's table leads back", async () => {
    const hashed = `h-${"a".repeat(52)}.${PEOPLE}`;
    expectAbsent(await addressOf(hashed), "only-table", /only the table/);
    suite.world.publishNetwork(networkRecord({ network: "mail" }));
    const long = `${"a".repeat(60)}.${"b".repeat(60)}.eth`;
    expect(expectFound(await addressOf(long)).isReversible).to.equal(false);
  });

  it("is absent for names that no address has, and networks that are none", async () => {
    expectAbsent(await addressOf(`a.b.${PEOPLE}`), "no-rule", /no address has that name/);
    expectAbsent(await addressOf("alice.eth", `no.${DOMAIN}`), "no-network", /no messaging/);
    suite.world.publishNetwork(networkRecord({ network: "matrix" }));
    expectAbsent(await addressOf("alice.eth"), "no-rule", /joins matrix/);
  });

  it("gives nobody the address of a DM3 user, whatever their name says", async () => {
    suite.world.publishNetwork(networkRecord({ network: "mail", nativeDomain: null }));
    expect(expectFound(await addressOf("alice.eth")).address).to.equal(
      "alice.eth@dm3.chat.example",
    );
    const asAlice = `x-mfwgsy3ffzsxi2a.dm3.chat.example.${PEOPLE}`;
    expectAbsent(await addressOf(asAlice), "no-rule", /no address has that name/);
  });

  it("is unreachable when the network cannot be read", async () => {
    suite.scene.gateway.handler = answer("", { status: 502 });
    expectUnreachable(await addressOf("alice.eth"), /HTTP 502/);
  });

  it("leads back to the name by resolveNativeAddress", async () => {
    const label = fc.stringMatching(/^[a-z0-9$éü]{1,12}$/);
    await fc.assert(
      fc.asyncProperty(label, async (text) => {
        const found = expectFound(await addressOf(`a${text}.eth`));
        const { address } = found;
        const back = await resolveNativeAddress({ network: NETWORK, address }, suite.scene.options);
        expectAbsent(back, "virtual", /./);
        expect(back.name).to.equal(found.name);
      }),
      { numRuns: 8 },
    );
  });

  it("throws INVALID_NAME for a name without normal form", async () => {
    await expectRejection(addressOf("a b.eth"), "INVALID_NAME", /normal form/);
  });
});
