/** A DM3 user and somebody with Delta Chat write to one another through the bridge; each writes first once. */
import { setTimeout } from "node:timers/promises";
import { SignpostError } from "../errors.js";
import { writeVCard } from "../sdk/openpgpMimeNode.js";
import type { Dm3MailUser, MailPerson, ReadMail } from "./dm3MailUser.js";
import type { DeltaChatUser, ShownMessage } from "./mail/deltaChatUser.js";
import type { MailNetwork } from "./mailNetwork.js";

export interface MailConversation {
  /** Who the mail user is in DM3. */
  readonly aliceInDm3: MailPerson;
  /** On the screen of Delta Chat. */
  readonly atAlice: ShownMessage;
  readonly answerAtCarol: ReadMail;
  /** What carol's answer to that is, on the screen of Delta Chat. */
  readonly replyAtAlice: ShownMessage;
  /** What alice wrote first, to a contact that she imported. */
  readonly atBob: ReadMail;
}

const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;

/** Throws INTERNAL where a message does not arrive: the demo has failed then. */
export async function writeThroughBridge(
  network: Pick<MailNetwork, "introduce">,
  carol: Dm3MailUser,
  bob: Dm3MailUser,
  alice: DeltaChatUser,
): Promise<MailConversation> {
  const aliceInDm3 = await network.introduce(carol, await alice.vCard());
  await carol.write(aliceInDm3, { type: "NEW", text: "Hello Alice" });
  const atAlice = await alice.sees(({ text }) => text === "Hello Alice");

  await alice.call("accept_chat", atAlice.chatId);
  await alice.write(atAlice.chatId, { text: "Hello Carol", quotedMessageId: atAlice.id });
  const answerAtCarol = await reads(carol, "Hello Carol");
  await carol.write(aliceInDm3, {
    ...{ type: "REPLY", text: "How are you?", reference: answerAtCarol.messageHash },
  });
  const replyAtAlice = await alice.sees(({ text }) => text === "How are you?");

  const { name, address, key } = bob;
  const chat = await alice.importVCard(writeVCard({ name, address, certificate: key.certificate }));
  await alice.write(chat, { text: "Hello Bob" });
  const atBob = await reads(bob, "Hello Bob");
  return { aliceInDm3, atAlice, answerAtCarol, replyAtAlice, atBob };
}

/** Waits until a text arrived. Throws INTERNAL where it does not come. */
export async function reads(user: Pick<Dm3MailUser, "name" | "read" | "problems">, text: string) {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += PAUSE_MS) {
    const found = user.read.find(({ content }) => "text" in content && content.text === text);
    if (found !== undefined) return found;
    await setTimeout(PAUSE_MS);
  }
  const why = user.problems.map(({ message }) => message).join(" ");
  throw new SignpostError("INTERNAL", `"${text}" did not arrive at ${user.name}. ${why}`);
}
