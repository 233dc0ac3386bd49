// A small messenger that reaches people who have no DM3: by e-mail through a bridge, or in a network with a gateway. It knows neither
// SMTP nor XMPP. Runs in a page as under Node; a bundler makes one file of it.
//
//   const me = await newcomer(world, ({ from, text }) => show(from, text));
//   await me.write("mail.example.eth", "alice@mail.test", "Hello Alice", alicesVCard);
//   await me.write("xmpp.example.eth", "bob@chat.test", "Hello Bob");
//
// world: {"rpc", "ensRegistry", "universalResolver", "allowLoopback", "name", "keys", "mailNetwork"}: the ENS name and the profile keys
// of the user, whose profile is published, and the ENS name of the mail bridge.
import {
  nativeAddressOf,
  resolveNativeAddress,
  resolveNetwork,
  signCertificate,
} from "signpost/sdk";
import { createMessenger, memoryKeyValue, openMessageKeys } from "signpost/sdk/messages";
import {
  decodeMail,
  encodeMail,
  keptMailIds,
  mailContentOf,
  makeMailKey,
  messageContentsOf,
  nativeAttachment,
  newMessageId,
  openKeyBook,
  readVCards,
} from "signpost/sdk/openpgp-mime";

export async function newcomer({ name, keys, mailNetwork, ...options }, show) {
  // an app keeps both: `indexedDbKeyValue("my-app")`
  const store = memoryKeyValue();
  const book = openKeyBook(store);
  const ids = keptMailIds(store);

  // who the user is in mail, and the OpenPGP key; once for each user
  const own = await nativeAddressOf({ network: mailNetwork, name }, options);
  if (own.status !== "found") throw new Error(own.sentence);
  const { address } = own;
  const key = await makeMailKey({ address });

  const messenger = createMessenger({ ...options, name, keys: await openMessageKeys(keys) });
  const reading = read();

  /** To be published under the user's name, so that the bridge hands it on: `client.certificates.put(name, record)`. */
  function certificateRecord() {
    const { privateKey, publicKey } = keys.signingKeyPair;
    return signCertificate(privateKey, base64(publicKey), {
      ...{ name, scheme: "openpgp", address, certificate: base64(key.certificate) },
      signedAtSec: Math.floor(Date.now() / 1000),
    });
  }

  /** @param vCard of somebody with mail, the first time */
  async function write(network, to, text, vCard) {
    let way = await resolveNativeAddress({ network, address: to }, options);
    if (way.status === "absent") {
      await introduce(network, to); // nobody wrote to this address before
      way = await resolveNativeAddress({ network, address: to }, options);
    }
    if (way.status !== "found") throw new Error(way.sentence);
    const said = { type: "NEW", text };
    if (!way.codecs.includes("openpgp-mime")) return messenger.send(way.name, said);
    if (vCard !== undefined) {
      const [{ certificate }] = readVCards(vCard);
      await book.take({ address: to, certificate, source: "vcard" });
    }
    return messenger.send(way.name, await asMail(to, said));
  }

  async function introduce(network, to) {
    const found = await resolveNetwork(network, options);
    const [node] = found.status === "found" ? found.relayNodes : [];
    if (node?.status !== "found") throw new Error(`${network} has no relay node now.`);
    const response = await fetch(new URL("/bridge/users", node.profile.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ address: to }),
    });
    if (!response.ok) throw new Error(`The bridge answered ${response.status}.`);
  }

  /** Encrypted and signed here: the bridge cannot read it. */
  async function asMail(to, said) {
    const receiver = await book.of(to);
    if (receiver === null) throw new Error(`Import the vCard of ${to} first.`);
    const random = globalThis.crypto.getRandomValues(new Uint8Array(16));
    const entity = await encodeMail(
      {
        ...{ from: address, to: [to], dateMs: Date.now() },
        messageId: newMessageId(random, address.split("@")[1]),
        content: await mailContentOf(said, ids),
      },
      { privateKey: key.privateKey, certificates: [receiver.certificate] },
    );
    return { type: "NEW", text: "An encrypted mail.", attachments: [nativeAttachment(entity)] };
  }

  async function read() {
    for await (const message of messenger.messages()) {
      const { from, content } = message;
      const mail = await messenger.openNative(content);
      if (mail !== null) await readMail(mail, message);
      else if (typeof content.text === "string") show({ from, text: content.text });
      await messenger.acknowledge(message);
    }
  }

  async function readMail(mail, { from, content, messageHash }) {
    try {
      const decoded = await decodeMail(mail, {
        ...{ privateKeys: [key.privateKey], ownAddresses: [address], senders: book.senders },
        expectedFrom: content.replyDeliveryInstruction, // for whom the bridge vouches
      });
      const { certificate } = decoded.signer;
      if (certificate !== null) {
        await book.take({ address: decoded.from, certificate, source: "autocrypt" });
      }
      for (const { text } of await messageContentsOf(decoded.content, ids)) {
        if (text === undefined) continue;
        await ids.remember(messageHash, { messageId: decoded.messageId, text });
        show({ from: decoded.from, text });
      }
    } catch (error) {
      show({ from, problem: error.message }); // not from whom it says, or changed: show nothing of it
    }
  }

  return {
    ...{ address, write, certificateRecord },
    stop: async () => {
      await messenger.stop();
      await reading;
    },
  };
}

const base64 = (bytes) => globalThis.btoa(String.fromCharCode(...bytes));
