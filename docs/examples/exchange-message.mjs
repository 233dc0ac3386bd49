// Two users write to one another without a relay node between them. Needs a running demo (`npm run demo`), then:
//
//   node docs/examples/exchange-message.mjs [label]
//
// The parts between the lines of hyphens stand in docs/messages.md as well.
import { readFile } from "node:fs/promises";
import { Wallet } from "ethers";
import { createClient, createProfile, resolveProfile } from "signpost/sdk";
import {
  decodeMessage,
  encodeMessage,
  isSignpostError,
  openMessageKeys,
  proxyEnvelopeOf,
} from "signpost/sdk/messages";

const demo = JSON.parse(await readFile(".signpost/demo.json", "utf8"));
const label = process.argv[2] ?? `user-${Date.now()}`;
// Only a demo needs the last two options.
const options = { rpc: demo.rpcUrl, ensRegistry: demo.ensRegistry, allowLoopback: true };

// Two users sign up with a service; see publish-user.mjs.
const signpost = createClient({ url: demo.apiUrl, apiKey: demo.apiKey });
async function signUp(name) {
  const { address, signedUserProfile, keys } = await createProfile(Wallet.createRandom(), [
    demo.relayNode,
  ]);
  await signpost.profiles.put(name, { address, signedUserProfile });
  return { name, address, profileKeys: keys };
}
const alice = await signUp(`${label}-alice.${demo.domain}`);
const bob = await signUp(`${label}-bob.${demo.domain}`);

// ----
const aliceKeys = await openMessageKeys(alice.profileKeys);

const receiver = await resolveProfile(bob.name, options);
if (receiver.status !== "found") throw new Error(receiver.sentence);

const sent = await encodeMessage(
  { type: "NEW", text: "Hello Bob", from: alice.name, to: bob.name, timestampMs: Date.now() },
  { keys: aliceKeys, receiver },
);
for (const { relayNode, url, envelope } of sent.envelopes) {
  console.log(relayNode, url, JSON.stringify(envelope).length); // POST it to the relay node
}
for (const { relayNode, sentence } of sent.unresolved) console.log(relayNode, sentence);
// ----

const fetched = JSON.stringify(sent.envelopes[0].envelope);

// ----
const bobKeys = await openMessageKeys(bob.profileKeys);

async function contactOf(name) {
  const outcome = await resolveProfile(name, options);
  if (outcome.status === "found") return outcome;
  if (outcome.status === "absent") return null;
  throw new Error(outcome.sentence); // not now: neither show the message nor acknowledge it
}

const received = await decodeMessage(fetched, {
  keys: bobKeys,
  ownNames: [bob.name],
  ownAddress: bob.address,
  contactOf,
});
if (received.content.type === "NEW") console.log(received.from, received.content.text);
// ----

// ----
const reply = await encodeMessage(
  {
    ...{ type: "REPLY", text: "Hello Alice", reference: received.messageHash },
    ...{ from: bob.name, to: received.from, timestampMs: Date.now() },
  },
  { keys: bobKeys, receiver: await contactOf(received.from) },
);
// ----

// ----
try {
  await decodeMessage(JSON.stringify(reply.envelopes[0].envelope), {
    ...{ keys: bobKeys, ownNames: [bob.name], contactOf },
  });
} catch (error) {
  if (!isSignpostError(error, "NOT_FOR_THIS_KEY")) throw error;
  console.log(error.code, error.details.part); // NOT_FOR_THIS_KEY message
}
// ----

// ----
const proxyEnvelope = proxyEnvelopeOf(sent);
// ----

const answer = await decodeMessage(reply.envelopes[0].envelope, {
  ...{ keys: aliceKeys, ownNames: [alice.name], contactOf },
});
if (answer.content.reference !== sent.messageHash) throw new Error("The reply is about another.");
if (proxyEnvelope.to !== bob.name) throw new Error("The proxy would write to somebody else.");
console.log(answer.from, answer.content.text);
