/** What stock Delta Chat shows of a message that the bridge took and could not deliver: it ignores reports that are not encrypted. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Dm3MailUser } from "../../src/demo/dm3MailUser.js";
import { type DeltaChatUser, MESSAGE_STATES } from "../../src/demo/mail/deltaChatUser.js";
import { reads } from "../../src/demo/mailConversation.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import { writeVCard } from "../../src/sdk/openpgpMimeNode.js";
import { askDatabase, tablesOf } from "../xmpp/wholeDatabase.js";
import { until } from "./until.js";

describe("a message of Delta Chat that does not arrive", function () {
  this.timeout(540_000);
  let network: MailNetwork;
  let alice: DeltaChatUser;
  let carol: Dm3MailUser;
  let bob: Dm3MailUser;
  /** What the provider brought to alice. */
  const inbox: string[] = [];

  before(async () => {
    network = await startMailNetwork({
      ...{ databaseUrl: undefined, onStep: () => undefined },
      reportFailure: () => undefined, // there are some, as there should be
    });
    network.provider.watchers.add(({ bytes }, way) => {
      if (way === "in") inbox.push(Buffer.from(bytes).toString("latin1"));
    });
    alice = await network.newMailUser("alice");
    carol = await network.newDm3User("carol");
    bob = await network.newDm3User("bob");
  });
  after(() => network.stop());

  /** From now on they want nothing from wallets that were never used, such as those of a bridge. */
  async function closes(user: Dm3MailUser): Promise<void> {
    for (const { databaseUrl } of network.world.demo.relayNodes) {
      const tables = await tablesOf(databaseUrl);
      for (const table of tables.filter((name) => /_relay\.account$/.test(name))) {
        await askDatabase(
          databaseUrl,
          `update ${table} set filters = '{"minNonce": "1"}' where name = '${user.name}'`,
        );
      }
    }
    // a relay node sees within a second what others wrote into its tables
    await delay(1_500);
  }

  const chats = () => alice.call<number[]>("get_chatlist_entries", 0, null, null);
  const isReport = (mail: string) => /^From: <mailer-daemon@dm3\.test>\r$/m.test(mail);

  it("is marked as failed, with the reason, and no chat opens", async () => {
    const to = await network.introduce(carol, await alice.vCard());
    await carol.write(to, { type: "NEW", text: "Hello Alice" });
    const { chatId } = await alice.sees(({ text }) => text === "Hello Alice");
    await alice.call("accept_chat", chatId);
    const arrived = await alice.write(chatId, { text: "arrives" });
    await reads(carol, "arrives");
    await closes(carol);
    const before = (await chats()).length;
    const id = await alice.write(chatId, { text: "does not arrive" });
    await until(async () => (await alice.message(id)).state === MESSAGE_STATES.failed);
    expect((await alice.message(id)).error, "why").to.match(/nonce|transaction|wallet|want/i);
    expect((await alice.message(arrived)).state).to.equal(MESSAGE_STATES.delivered);
    expect(await chats()).to.have.length(before);
    const report = inbox.find(isReport)!;
    expect(report).to.match(/^Content-Type: multipart\/encrypted;/m);
    expect(report).to.match(/^Subject: \.\.\.\r$/m);
  });

  it("stays as it is where nobody handed over the certificate, and a plain report is in the inbox", async () => {
    const { name, address, key } = bob;
    const chat = await alice.importVCard(
      writeVCard({ name, address, certificate: key.certificate }),
    );
    await closes(bob);
    const id = await alice.write(chat, { text: "a first message" });
    const report = await until(() => inbox.filter(isReport)[1]);
    expect(report).to.match(/^Content-Type: multipart\/report; report-type=delivery-status;/m);
    expect((await alice.message(id)).state).to.equal(MESSAGE_STATES.delivered);
  });
});
