/** An app that keeps nothing and starts again at once is linked at once; a link that was ended is never taken again. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import { startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { createProfile } from "../../src/wallet/createProfile.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { eventually, PASSWORD, signIn, type UserClient } from "./userClient.js";
import { type Device, linked, LONG_MS, openDevice, type Person } from "./wholeScene.js";

describe("an app whose store is in memory", function () {
  this.timeout(LONG_MS);
  let world: XmppWorld;
  let bob: Person;
  /** With another profile of the same wallet. */
  let anew: Person;
  let stock: UserClient;

  before(async () => {
    world = await startXmppWorld({
      ...{ kind: "prosody", databaseUrl: undefined, onStep: () => undefined },
      reportFailure: () => undefined,
    });
    const wallet = Wallet.createRandom();
    const { server, gateway, demo } = world;
    await registerAccount(server, "bob", PASSWORD);
    bob = { server, user: "bob", profile: await createProfile(wallet, [gateway.name]) };
    // the registry takes no profile again that was withdrawn
    const relayNodes = [gateway.name, demo.relayNodes[0]!.name];
    anew = { ...bob, profile: await createProfile(wallet, relayNodes) };
    stock = await signIn(world.server, "bob", "stock");
  });
  after(async () => {
    await stock.stop();
    await world.stop();
  });

  /** Nothing is known to it but the keys. */
  async function started(resource: string, person = bob): Promise<Device> {
    const device = await openDevice(world, person, { resource });
    await linked(device).catch((cause: unknown) => {
      throw new Error(device.problems.join("; "), { cause });
    });
    return device;
  }

  const linkIn = ({ sent }: Device) =>
    sent
      .filter((stanza) => stanza.includes("<link "))
      .map((stanza) => /<link [^>]*>([^<]*)/.exec(stanza)![1]!);

  it("starts again and again, at once, beside one that links often", async () => {
    const often = await started("often");
    for (let times = 0; times < 15; times++) await often.messenger().link();
    for (const resource of ["first", "second", "third"]) {
      const device = await started(resource);
      expect(device.problems).to.deep.equal([]);
      await device.logOut();
    }
    await often.logOut();
  });

  it("is linked at once after its link ended, and what was signed before is refused", async () => {
    const before = await started("before");
    await before.logOut();
    const gateway = world.server.componentDomain;
    const ask = (child: ReturnType<typeof xml>) =>
      stock.ask(xml("iq", { type: "set", to: gateway }, child));
    expect((await ask(xml("unlink", { xmlns: DM3_NS }))).attrs["type"]).to.equal("result");
    const replayed = await ask(xml("link", { xmlns: DM3_NS }, unescaped(linkIn(before).at(-1)!)));
    const refused = replayed.getChild("error")!.getChild("refused", DM3_NS)!;
    expect(refused.attrs["code"]).to.equal("LINK_OUTDATED");
    const after = await started("after", anew);
    expect(after.problems).to.deep.equal([]);
    await eventually(() => linkIn(after).length > 0, "a link");
    await after.logOut();
  });
});

const unescaped = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
