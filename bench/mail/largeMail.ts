/** A large mail of somebody at the provider to a DM3 user, and how long it holds up everybody else at the bridge. */
import { randomBytes } from "node:crypto";
import type { Dm3MailUser } from "../../src/demo/dm3MailUser.js";
import type { MailNetwork } from "../../src/demo/mailNetwork.js";
import { exchange, type SmtpAnswer } from "../../src/mail/smtpExchange.js";
import { encodeMail, makeMailKey, newMessageId } from "../../src/sdk/openpgpMimeNode.js";

const FROM = "erin@mail.test";
const PASSWORD = "of the bench";

/** Encrypted and compressed, a file becomes so much longer. */
const GROWTH = 1.43;

/** Written before the clock runs. @param mailBytes about so long */
export async function largeMail(to: Dm3MailUser, mailBytes: number): Promise<Uint8Array> {
  const key = await makeMailKey({ address: FROM });
  const bytes = randomBytes(Math.floor(mailBytes / GROWTH));
  const entity = await encodeMail(
    {
      ...{ from: FROM, to: [to.address], dateMs: Date.now() },
      messageId: newMessageId(randomBytes(16), "mail.test"),
      content: {
        ...{ type: "NEW", text: "large" },
        files: [{ name: "large.bin", mediaType: "application/octet-stream", bytes }],
      },
    },
    { privateKey: key.privateKey, certificates: [to.key.certificate] },
  );
  const head = [`From: <${FROM}>`, `To: <${to.address}>`, "Subject: ...", "MIME-Version: 1.0", ""];
  return Buffer.concat([Buffer.from(head.join("\r\n")), entity]);
}

/** Signed by the provider, and handed to the bridge. */
export async function sendLarge(
  { provider }: Pick<MailNetwork, "provider">,
  to: Dm3MailUser,
  mail: Uint8Array,
): Promise<SmtpAnswer> {
  provider.accounts.add({ address: FROM, password: PASSWORD });
  return exchange(
    {
      ...{ host: "127.0.0.1", port: provider.smtpPort, name: "mail.test" },
      ...{ tls: "if offered", isImplicitTls: false },
      account: { user: FROM, password: PASSWORD },
    },
    "client.mail.test",
    { sender: FROM, recipient: to.address, parts: [mail], length: mail.length },
  );
}
