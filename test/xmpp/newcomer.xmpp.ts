/**
 * docs/examples/newcomer.mjs: a page of 150 lines, of the SDK alone, writes to bob@chat.test in XMPP and to alice@mail.test, who has
 * Delta Chat, and reads what both answer.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build } from "esbuild";
import type { DeltaChatUser } from "../../src/demo/mail/deltaChatUser.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import type { NetworkNode } from "../../src/demo/networkNode.js";
import { startXmppWorld, type XmppUser, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { type CertificateRecord, createClient } from "../../src/sdk/node.js";
import { arrivals } from "../arrivals.js";
import { startProgram } from "../childProgram.js";
import { ensOf } from "./wholeScene.js";

const PAGE = fileURLToPath(new URL("../../docs/examples/newcomer.mjs", import.meta.url));
const LONGEST = 150;
const MAIL = "mail.users.example.eth";
const XMPP = "xmpp.users.example.eth";

interface Shown {
  readonly from: string;
  readonly text?: string;
  readonly problem?: string;
}

interface Newcomer {
  readonly address: string;
  readonly write: (network: string, to: string, text: string, vCard?: string) => Promise<unknown>;
  readonly certificateRecord: () => CertificateRecord;
  readonly stop: () => Promise<void>;
}

interface Page {
  readonly newcomer: (world: object, show: (shown: Shown) => void) => Promise<Newcomer>;
}

describe("the small newcomer", function () {
  this.timeout(720_000);
  let xmpp: XmppWorld;
  let mail: MailNetwork;
  let alice: DeltaChatUser;
  let bob: XmppUser;
  let me: Newcomer;
  const shown = arrivals<Shown>();

  before(async () => {
    const told = {
      databaseUrl: undefined,
      onStep: () => undefined,
      reportFailure: (error: Error) => {
        console.error(error);
      },
    };
    xmpp = await startXmppWorld({ ...told, kind: "prosody" });
    mail = await startMailNetwork({ ...told, demo: xmpp.demo });
    alice = await mail.newMailUser("alice");
    bob = await xmpp.newUser("bob");
    await register("bridge", MAIL, mail.world.bridge);
    await register("gateway", XMPP, xmpp.gateway);
    const { newcomer } = (await import(PAGE)) as Page;
    const { name, keys } = xmpp.demo.people[2]!;
    const world = { ...ensOf(xmpp), name, keys, mailNetwork: MAIL };
    me = await newcomer(world, shown.add);
    const { service, apiKey } = xmpp.demo;
    const client = createClient({ url: service.url, apiKey });
    await client.certificates.put(name, me.certificateRecord());
  });
  after(async () => {
    await me.stop();
    await mail.stop();
    await xmpp.stop();
  });

  /** By the operator's command. */
  async function register(what: string, network: string, node: NetworkNode): Promise<void> {
    const { service, apiKey } = xmpp.demo;
    const given = Object.entries(node.environment).filter((entry) => entry[1] !== undefined);
    const program = startProgram(
      "src/cli/main.ts",
      [what, "register", network, "--dns-server", "127.0.0.1:1"],
      {
        settings: {
          ...(Object.fromEntries(given) as Record<string, string>),
          ...{ SIGNPOST_URL: service.url, SIGNPOST_API_KEY: apiKey },
        },
      },
    );
    await program.ended;
    expect(program.output()).to.match(/^ok network .*\(created\)$/m);
  }

  it("writes to somebody with Delta Chat, who is new to DM3, and reads the answer", async () => {
    expect(me.address).to.equal("carol.users.example.eth@dm3.test");
    await me.write(MAIL, alice.address, "Hello from a page", await alice.vCard());
    const { chatId, showPadlock, sender } = await alice.sees(
      ({ text }) => text === "Hello from a page",
    );
    expect({ showPadlock, from: sender.address }).to.deep.equal({
      ...{ showPadlock: true, from: me.address },
    });
    await alice.call("accept_chat", chatId);
    await alice.write(chatId, { text: "Hello page" });
    const answer = await shown.first(({ from }) => from === alice.address);
    expect(answer).to.deep.equal({ from: alice.address, text: "Hello page" });
  });

  it("writes to somebody in XMPP, and reads the answer", async () => {
    expect(bob.address).to.equal("bob@chat.test");
    await me.write(XMPP, bob.address, "Hello Bob from a page");
    for await (const message of bob.messenger.messages()) {
      const { from, content } = message;
      expect({ from, content }).to.deep.equal({
        from: "carol.users.example.eth",
        content: { type: "NEW", text: "Hello Bob from a page" },
      });
      await bob.messenger.acknowledge(message);
      await bob.messenger.send(from, { type: "NEW", text: "Hello page from Bob" });
      break;
    }
    const answer = await shown.first(({ from }) => from === bob.name);
    expect(answer).to.deep.equal({ from: bob.name, text: "Hello page from Bob" });
  });

  it("has few lines, and nothing of SMTP or XMPP in its bundle", async () => {
    expect((await readFile(PAGE, "utf8")).trimEnd().split("\n")).to.have.length.at.most(LONGEST);
    const { metafile } = await build({
      ...{ entryPoints: [PAGE], bundle: true, format: "esm", platform: "browser" },
      ...{ write: false, metafile: true, logLevel: "silent" },
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).to.have.length.above(20);
    expect(inputs.filter((path) => /smtp|nodemailer|xmpp|\/mail\//i.test(path))).to.deep.equal([]);
  });
});
