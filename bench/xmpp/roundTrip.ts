/**
 * From a DM3 user through the gateway to a user of the server, and at once back to the DM3 user's relay node and client; beside
 * a bare component that sends the same envelope to a user, who answers.
 */
import { client, xml } from "@xmpp/client";
import { Wallet } from "ethers";
import { io } from "socket.io-client";
import type { XmppWorld } from "../../src/demo/xmppWorld.js";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import { proxyEnvelopeOf } from "../../src/dm3/message/proxyEnvelope.js";
import { envelopeHash } from "../../src/messaging/envelopeHash.js";
import { createMessenger, openMessageKeys } from "../../src/sdk/messagesNode.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { createXmppMessenger, xmppClientConnection } from "../../src/sdk/xmppNode.js";
import { createProfile } from "../../src/wallet/createProfile.js";
import type { BareComponent } from "./bareComponent.js";
import type { Receiver } from "./receiverProcess.js";

export async function bareRoundTrips(
  bare: BareComponent,
  receiver: Receiver,
  domain: string,
  envelope: string,
  count: number,
): Promise<readonly number[]> {
  const answer = `<message type='chat' to='alice.eth@${domain}'><submit xmlns='urn:dm3:xmpp:1'>${envelope.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</submit></message>`;
  await receiver.answerWith(Array<string>(count).fill(answer));
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startMs = performance.now();
    await bare.exchange(
      `<message type='chat' from='alice.eth@${domain}' to='${receiver.address}' id='r${index}'><body>x</body><envelope xmlns='urn:dm3:xmpp:1'>${envelope.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</envelope><store xmlns='urn:xmpp:hints'/></message>`,
    );
    times.push(performance.now() - startMs);
  }
  return times;
}

/** @param bob whose account the receiver answers for */
export async function gatewayRoundTrips(
  world: XmppWorld,
  receiver: Receiver,
  bob: { readonly name: string; readonly keys: Awaited<ReturnType<typeof createProfile>>["keys"] },
  count: number,
): Promise<readonly number[]> {
  const { chain, ens, people } = world.demo;
  const [alice] = people;
  if (alice === undefined) throw new Error("There is no alice.");
  const options = {
    ...{ rpc: chain.rpcUrl, ensRegistry: ens.registry, universalResolver: ens.universalResolver },
    allowLoopback: true,
  };
  const found = async (name: string) => {
    const outcome = await resolveProfile(name, { ...options, relayNodes: "all" });
    if (outcome.status !== "found") throw new Error(outcome.sentence);
    return outcome;
  };
  const [toBob, toAlice] = [await found(bob.name), await found(alice.name)];
  const aliceKeys = await openMessageKeys(alice.keys);
  const bobKeys = await openMessageKeys(bob.keys);
  const letters: { body: string; answer: string; hash: string }[] = [];
  for (let index = 0; index < count; index++) {
    const there = await encodeMessage(
      { from: alice.name, to: bob.name, type: "NEW", text: `${index}`, timestampMs: index },
      { keys: aliceKeys, receiver: toBob },
    );
    const back = await encodeMessage(
      { from: bob.name, to: alice.name, type: "NEW", text: `${index}`, timestampMs: index },
      { keys: bobKeys, receiver: toAlice },
    );
    const text = JSON.stringify(proxyEnvelopeOf(back));
    const hash = envelopeHash(text);
    letters.push({
      body: JSON.stringify({
        ...{ jsonrpc: "2.0", id: 1, method: "dm3_submitMessage" },
        params: [JSON.stringify(there.envelopes[0]?.envelope)],
      }),
      answer: `<message type='chat' to='${alice.name}@${world.server.componentDomain}' id='s${index}'><submit xmlns='urn:dm3:xmpp:1' hash='${hash}'>${text}</submit></message>`,
      hash: back.messageHash,
    });
  }
  await receiver.answerWith(letters.map(({ answer }) => answer));

  const arrived = new Map<string, () => void>();
  const messenger = createMessenger({
    ...options,
    ...{ name: alice.name, keys: aliceKeys, io: io, receipts: false },
  });
  const reading = (async () => {
    for await (const message of messenger.messages()) {
      arrived.get(message.messageHash)?.();
      await messenger.acknowledge(message);
    }
  })();
  // the mailbox is empty, and the socket is open
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const times: number[] = [];
  for (const { body, hash } of letters) {
    const back = new Promise<void>((resolve) => arrived.set(hash, resolve));
    const startMs = performance.now();
    const response = await fetch(`${world.gateway.url}/rpc`, {
      ...{ method: "POST", body },
      headers: { "content-type": "application/json" },
    });
    const said = await response.text();
    if (!said.includes('"result"')) throw new Error(said);
    await back;
    times.push(performance.now() - startMs);
  }
  await messenger.stop();
  await reading;
  return times;
}

/** Links the receiver's account to a profile of somebody whose keys are at hand. */
export async function linkedBob(world: XmppWorld, receiver: Receiver, password: string) {
  const { server, demo, gateway } = world;
  const [username = ""] = receiver.address.split("@");
  const xmpp = client({
    service: `xmpp://${server.host}:${server.clientPort}`,
    ...{ domain: server.domain, username, password, resource: "link" },
  });
  xmpp.on("error", () => undefined);
  const created = await createProfile(Wallet.createRandom(), [gateway.name]);
  const messenger = createXmppMessenger({
    connection: xmppClientConnection(xmpp, xml),
    ...{ address: receiver.address, gateway: server.componentDomain },
    keys: await openMessageKeys(created.keys),
    ...{ profile: created.signedUserProfile, wallet: created.address, presence: false },
    ...{ rpc: demo.chain.rpcUrl, ensRegistry: demo.ens.registry },
    ...{ universalResolver: demo.ens.universalResolver, allowLoopback: true },
  });
  await xmpp.start();
  const { name } = await messenger.link();
  await messenger.stop();
  await xmpp.stop();
  return { name, keys: created.keys };
}
