/** `npm run demo:mail`: a mail provider with Delta Chat, a mail bridge, and DM3 users, who write to each other on screen. */
import pc from "picocolors";
import { SignpostError } from "../errors.js";
import type { ReadMail } from "./dm3MailUser.js";
import { writeThroughBridge } from "./mailConversation.js";
import { type MailNetwork, startMailNetwork } from "./mailNetwork.js";
import { MAIL_DOMAIN } from "./mailWorld.js";
import { printedSteps } from "./printedSteps.js";

export async function runMailDemo(databaseUrl: string | undefined): Promise<MailNetwork> {
  const network = await startMailNetwork({
    databaseUrl,
    ...printedSteps,
  });
  try {
    await show(network);
    return network;
  } catch (error) {
    await network.stop();
    throw error;
  }
}

const WAY = `
  DM3                            the bridge                     e-mail
  carol's app  --- envelope -->  opens the DM3 envelope  --- SMTP, DKIM -->  Delta Chat of alice
  carol's app  <-- envelope ---  writes a DM3 envelope   <-- SMTP, DKIM ---  Delta Chat of alice
  The text is encrypted by OpenPGP from app to app. The bridge has no key to it.`;

async function show(network: MailNetwork): Promise<void> {
  const alice = await network.newMailUser("alice");
  const carol = await network.newDm3User("carol");
  const bob = await network.newDm3User("bob");
  console.log(pc.dim(WAY));
  const said = await writeThroughBridge(network, carol, bob, alice);
  const { aliceInDm3, atAlice, answerAtCarol, replyAtAlice, atBob } = said;

  const arrow = pc.dim("->");
  const lock = ({ showPadlock }: { readonly showPadlock: boolean }) =>
    showPadlock ? "encrypted" : "not encrypted";
  console.log(`\n${pc.bold(`${carol.name} writes first to ${alice.address}`)}`);
  console.log(`  ${arrow} she got the vCard of ${alice.address}, with the OpenPGP certificate`);
  console.log(`  ${arrow} the bridge gives the address a DM3 name: ${aliceInDm3.name}`);
  console.log(`  ${arrow} her app encrypts the mail, puts it into a DM3 message to that name`);
  console.log(`  ${arrow} the bridge sends it on as ${carol.address}, signed for ${MAIL_DOMAIN}`);
  console.log(
    `  "${atAlice.text}", ${lock(atAlice)}, from ${atAlice.sender.address}, in Delta Chat`,
  );
  console.log(`\n${pc.bold(`${alice.address} answers in Delta Chat`)}`);
  console.log(`  ${arrow} her provider signs the mail, and the bridge checks that`);
  console.log(
    `  "${textOf(answerAtCarol)}", a reply to "Hello Alice", signed by ${answerAtCarol.from}, in the app of ${carol.name}`,
  );
  console.log(
    `  "${replyAtAlice.text}", a reply to "${replyAtAlice.quote?.text ?? ""}", in Delta Chat`,
  );
  console.log(`\n${pc.bold(`${alice.address} writes first to ${bob.name}`)}`);
  console.log(`  ${arrow} she imports his vCard, which has the certificate that he signed`);
  console.log(`  "${textOf(atBob)}", signed by ${atBob.from}, in the app of ${bob.name}`);

  const isRight =
    [atAlice, replyAtAlice].every(
      (one) => one.showPadlock && one.sender.address === carol.address,
    ) &&
    [answerAtCarol, atBob].every(({ from }) => from === alice.address) &&
    answerAtCarol.content.type === "REPLY";
  if (!isRight) {
    throw new SignpostError("INTERNAL", "A message came in another way than it should.");
  }
}

function textOf({ content }: ReadMail): string {
  return "text" in content ? content.text : content.type;
}
