/** Somebody with mail who writes by hand, so that a soak costs little beside the bridge; what comes in is counted and thrown away. */
import { randomBytes } from "node:crypto";
import type { Dm3MailUser, MailPerson } from "../../../src/demo/dm3MailUser.js";
import type { MailNetwork } from "../../../src/demo/mailNetwork.js";
import { exchange } from "../../../src/mail/smtpExchange.js";
import {
  encodeMail,
  makeMailKey,
  newMessageId,
  writeVCard,
} from "../../../src/sdk/openpgpMimeNode.js";

const DOMAIN = "mail.test";
const PASSWORD = "of the soak";

export interface SoakMailUser {
  /** For the DM3 user who writes there. */
  readonly person: MailPerson;
  /** The Message-IDs of what came in. */
  readonly got: string[];
  /** Resolves when the bridge took it. @param bytes of a file with it */
  readonly write: (text: string, bytes: number) => Promise<void>;
}

export async function newSoakMailUser(
  network: Pick<MailNetwork, "provider" | "introduce">,
  carol: Dm3MailUser,
  localPart: string,
): Promise<SoakMailUser> {
  const address = `${localPart}@${DOMAIN}`;
  const { provider } = network;
  const inbox = provider.accounts.add({ address, password: PASSWORD });
  const got: string[] = [];
  inbox.watch(() => {
    for (const { bytes } of inbox.mails) {
      got.push(/^message-id: *(\S+)/im.exec(Buffer.from(bytes).toString("latin1"))?.[1] ?? "");
    }
    inbox.remove(() => true);
  });
  const { privateKey, certificate } = await makeMailKey({ address });
  const person = await network.introduce(
    carol,
    writeVCard({ address, name: localPart, certificate }),
  );

  async function write(text: string, fileBytes: number): Promise<void> {
    const bytes = randomBytes(fileBytes);
    const files =
      fileBytes === 0 ? [] : [{ name: "file", mediaType: "application/octet-stream", bytes }];
    const entity = await encodeMail(
      {
        ...{ from: address, to: [carol.address], dateMs: Date.now() },
        messageId: newMessageId(randomBytes(16), DOMAIN),
        content: { type: "NEW", text, files },
      },
      { privateKey, certificates: [carol.key.certificate] },
    );
    const fields = [`From: <${address}>`, `To: <${carol.address}>`, "Subject: ..."];
    const head = Buffer.from([...fields, "MIME-Version: 1.0", ""].join("\r\n"));
    const { is } = await exchange(
      {
        ...{ host: "127.0.0.1", port: provider.smtpPort, name: DOMAIN },
        ...{ tls: "if offered", isImplicitTls: false },
        account: { user: address, password: PASSWORD },
      },
      `client.${DOMAIN}`,
      {
        ...{ sender: address, recipient: carol.address, parts: [head, entity] },
        length: head.length + entity.length,
      },
    );
    if (is !== "taken") throw new Error(`A mail of ${address} was ${is}.`);
  }

  return { person, got, write };
}
