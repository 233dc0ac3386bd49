/** What developers and operators try first: an app by the demo's settings, and the script that stands for a user's app. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { client, xml } from "@xmpp/client";
import { expect } from "chai";
import { Wallet } from "ethers";
import { logIn } from "../../src/capabilities/xmpp/canary/logIn.js";
import { connectionDetails } from "../../src/demo/demoWorld.js";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import { xmppAppSettings } from "../../src/demo/xmppAppSettings.js";
import { CHAT_DOMAIN, startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { createProfile } from "../../src/sdk/node.js";
import {
  askXmppGateway,
  createXmppMessenger,
  openMessageKeys,
  xmppClientConnection,
} from "../../src/sdk/xmppNode.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { PASSWORD } from "./userClient.js";

describe("a first app", function () {
  this.timeout(360_000);
  let world: XmppWorld;
  let folder: string;

  before(async () => {
    world = await startXmppWorld({
      ...{ kind: "prosody", databaseUrl: undefined, onStep: () => undefined },
      reportFailure: (error) => {
        console.error(error);
      },
    });
    folder = await temporaryFolder();
    await mkdir(join(folder, ".signpost"));
    const details = JSON.stringify(connectionDetails(world.demo));
    await writeFile(join(folder, ".signpost/demo.json"), details);
  });
  after(async () => {
    await world.stop();
    await removeFolder(folder);
  });

  it("writes to itself, by the settings that the demo shows", async () => {
    const settings = await xmppAppSettings(world, "dave");
    const of = (name: string) => settings[name] ?? "";
    const address = of("XMPP_ADDRESS");
    const [username = "", domain = ""] = address.split("@");
    const login = { service: of("XMPP_SERVICE"), domain, username, password: of("XMPP_PASSWORD") };
    const xmpp = client(login);
    xmpp.on("error", () => undefined);
    const connection = xmppClientConnection(xmpp, xml);
    await xmpp.start();
    const gateway = of("XMPP_GATEWAY");
    const { relayNode, name } = await askXmppGateway({ connection, gateway, address });
    expect(name).to.equal(`dave.${CHAT_DOMAIN}`);
    const profile = await createProfile(new Wallet(of("WALLET_KEY")), [relayNode]);
    const messenger = createXmppMessenger({
      ...{ connection, gateway, address, wallet: profile.address },
      ...{ profile: profile.signedUserProfile, keys: await openMessageKeys(profile.keys) },
      ...{ rpc: of("ENS_RPC_URL"), universalResolver: of("ENS_UNIVERSAL_RESOLVER") },
      allowLoopback: of("ENS_ALLOW_LOOPBACK") === "yes",
    });
    await messenger.send(`dave.${CHAT_DOMAIN}`, "Hello myself");
    for await (const { from, content } of messenger.messages()) {
      expect(from).to.equal(name);
      expect(content).to.deep.include({ type: "NEW", text: "Hello myself" });
      break;
    }
    await messenger.stop();
    await xmpp.stop();
  });

  function userScript(password: string) {
    const { host, clientPort, domain } = world.server;
    const args = [`erin@${domain}`, password, `${host}:${clientPort}`];
    return startProgram("scripts/xmpp-user.ts", args, { cwd: folder });
  }

  it("is the same user when the script is started again", async () => {
    await registerAccount(world.server, "erin", PASSWORD);
    for (let time = 0; time < 2; time++) {
      const script = userScript(PASSWORD);
      await script.printed(/^erin@\S+ is (erin\.\S+) in DM3\.$/m, 60_000);
      script.process.kill();
      await script.ended;
    }
  });

  it("is told in one sentence that it could not log in", async () => {
    const script = userScript("another");
    expect((await script.ended).exitStatus).to.equal(1);
    expect(script.output()).to.match(/could not log in at \S+: look for the server, the account/);
    expect(script.output()).not.to.match(/^ +at /m); // no stack
  });

  it("is told by the check what the server said, in sentences", async () => {
    const { host, clientPort, domain } = world.server;
    const account = {
      ...{
        address: `erin@${domain}`,
        password: "another",
        wallet: new Wallet(`0x${"11".repeat(32)}`),
      },
      server: `${host}:${clientPort}`,
    };
    const error = await logIn(account, "check").catch((reason: unknown) => reason);
    expect(String(error)).to.match(/could not log in: not-authorized[^.]*\. Look for the server/);
  });

  it("is told in one sentence that the name belongs to another wallet", async () => {
    const { domain } = world.server;
    const key = `${Wallet.createRandom().privateKey}\n`;
    await writeFile(join(folder, `.signpost/erin@${domain}.key`), key, { mode: 0o600 });
    const script = userScript(PASSWORD);
    expect((await script.ended).exitStatus).to.equal(1);
    expect(script.output()).to.match(/^GATEWAY_REFUSED: .* is owned by 0x.* has to sign/m);
    expect(script.output()).not.to.match(/^ +at /m);
  });
});
