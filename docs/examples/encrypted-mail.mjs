// What carol.eth writes to alice@mail.test, and alice's answer, each inside of a DM3 message. Both sides are here, and no server.
//   node docs/examples/encrypted-mail.mjs
import { memoryKeyValue } from "signpost/sdk/messages";
import {
  decodeMail,
  encodeMail,
  keptMailIds,
  mailContentOf,
  makeMailKey,
  messageContentsOf,
  nativeAttachment,
  nativeBytesOf,
  newMessageId,
  openKeyBook,
} from "signpost/sdk/openpgp-mime";

const user = async (address) => ({
  address,
  key: await makeMailKey({ address }), // once for each user; `key.privateKey` is a secret
  book: openKeyBook(memoryKeyValue()), // an app gives its own store
  ids: keptMailIds(memoryKeyValue()),
});
const carol = await user("carol.eth@mail.example");
const alice = await user("alice@mail.test");
await carol.book.take({ ...alice, certificate: alice.key.certificate, source: "vcard" });

async function write(from, to, content) {
  const { certificate } = await from.book.of(to.address);
  const messageId = newMessageId(
    globalThis.crypto.getRandomValues(new Uint8Array(16)),
    from.address.split("@")[1],
  );
  const mail = {
    ...{ from: from.address, to: [to.address], dateMs: Date.now(), messageId },
    content: await mailContentOf(content, from.ids),
  };
  const entity = await encodeMail(mail, {
    privateKey: from.key.privateKey,
    certificates: [certificate],
  });
  return { messageId, attachments: [nativeAttachment(entity)] }; // of a NEW message to the bridge
}

async function read(by, attachments) {
  const decoded = await decodeMail(nativeBytesOf(attachments), {
    privateKeys: [by.key.privateKey],
    ownAddresses: [by.address],
    senders: by.book.senders,
  });
  const { from, signer } = decoded;
  if (signer.certificate !== null) {
    await by.book.take({ address: from, certificate: signer.certificate, source: "autocrypt" });
  }
  return decoded;
}

const hashOfFirst = `0x${"01".repeat(32)}`; // messageHash of the DM3 message that carried the mail
const first = await write(carol, alice, { type: "NEW", text: "Hello Alice" });
await carol.ids.remember(hashOfFirst, { messageId: first.messageId, text: "Hello Alice" });

const received = await read(alice, first.attachments);
console.log(received.from, received.signer.is, "says", received.content.text);
await alice.ids.remember(hashOfFirst, {
  messageId: received.messageId,
  text: received.content.text,
});

const answer = { type: "REPLY", text: "Hello Carol", reference: hashOfFirst };
const second = await write(alice, carol, answer);
const { content, signer } = await read(carol, second.attachments);
const [message] = await messageContentsOf(content, carol.ids);
console.log(message.type, signer.is, message.text, "to", content.quote);
