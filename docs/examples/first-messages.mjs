// Two new users, and messages between them through the demo's relay nodes. Needs a running demo (`npm run demo`), then:
//
//   node docs/examples/first-messages.mjs [label]
//
// The part between the lines of hyphens stands in docs/messages.md as well.

// ----
import { readFile } from "node:fs/promises";
import { Wallet } from "ethers";
import { createClient, createProfile } from "signpost/sdk";
import { createMessenger, openMessageKeys } from "signpost/sdk/messages";
import { io } from "socket.io-client";

const demo = JSON.parse(await readFile(".signpost/demo.json", "utf8")); // in the clone
const { rpcUrl: rpc, ensRegistry, universalResolver, apiUrl, apiKey, domain, relayNode } = demo;
const service = createClient({ url: apiUrl, apiKey });
const label = process.argv[2] ?? `user-${Date.now()}`;

async function newUser(name) {
  const { address, signedUserProfile, keys } = await createProfile(Wallet.createRandom(), [
    relayNode,
  ]);
  await service.profiles.put(name, { address, signedUserProfile });
  return createMessenger({
    ...{ name, keys: await openMessageKeys(keys), io },
    ...{ rpc, ensRegistry, universalResolver, allowLoopback: true }, // your rpc alone outside of the demo
    onProblem: ({ relayNode, error }) => console.log(relayNode, error.code, error.message),
  });
}
const [aliceName, bobName] = [`${label}-alice.${domain}`, `${label}-bob.${domain}`];
const alice = await newUser(aliceName);
const bob = await newUser(bobName);

// Whoever reads for the first time gets an account at the relay node. What is written to them before that waits at its
// sender's for a minute, and what is written later overtakes it.
for (const user of [alice, bob]) {
  for await (const message of user.messages({ follow: false })) await user.acknowledge(message);
}

const { id } = await alice.send(bobName, "Hello Bob");
const { state, why } = await alice.settled(id);
console.log(state, why?.sentence ?? "");

for await (const message of bob.messages()) {
  console.log(message.from, "says", message.content.text);
  await bob.acknowledge(message);
  const reference = message.messageHash;
  await bob.send(message.from, { type: "REACTION", text: "👋", reference });
  await bob.send(message.from, { type: "REPLY", text: "Hello Alice", reference });
  break;
}
for await (const message of alice.messages()) {
  console.log(message.content.type, message.content.text ?? "");
  await alice.acknowledge(message);
  if (message.content.type === "REPLY") break;
}
await Promise.all([alice.stop(), bob.stop()]);
// ----
