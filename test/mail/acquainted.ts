/** Two who know each other: alice with Delta Chat and carol in DM3, who wrote first and was answered. */
import type { Dm3MailUser, MailPerson } from "../../src/demo/dm3MailUser.js";
import type { DeltaChatUser } from "../../src/demo/mail/deltaChatUser.js";
import { reads } from "../../src/demo/mailConversation.js";
import type { MailNetwork } from "../../src/demo/mailNetwork.js";

export interface Acquainted {
  readonly alice: DeltaChatUser;
  readonly carol: Dm3MailUser;
  /** Alice as carol sees her. */
  readonly to: MailPerson;
  /** Carol's chat at alice's. */
  readonly chat: number;
}

/** @param carols how carol's client waits and tries again; as it does by itself unless given */
export async function acquainted(
  network: MailNetwork,
  carols?: Parameters<MailNetwork["newDm3User"]>[1],
): Promise<Acquainted> {
  const alice = await network.newMailUser("alice");
  const carol = await network.newDm3User("carol", carols);
  const to = await network.introduce(carol, await alice.vCard());
  await carol.write(to, { type: "NEW", text: "first" });
  const { chatId: chat } = await alice.sees(({ text }) => text === "first");
  await alice.call("accept_chat", chat);
  await alice.write(chat, { text: "first of hers" });
  await reads(carol, "first of hers");
  return { alice, carol, to, chat };
}
