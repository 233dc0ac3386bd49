// Alice and Bob write to one another through their relay nodes.
//
//   node docs/examples/messenger.mjs world.json
//
// world.json: {"rpc", "ensRegistry", "alice": {"name", "storageKey"}, "bob": {"name", "storageKey"}}, where each storage key is
// 32 bytes in base64, from which the keys of the published profile were derived.
//
// The parts between the lines of hyphens stand in docs/messages.md as well.
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { createMessenger, isSignpostError, openMessageKeys } from "signpost/sdk/messages";
import { io } from "socket.io-client";

const world = JSON.parse(await readFile(process.argv[2], "utf8"));
const keysOf = ({ storageKey }) => Buffer.from(storageKey, "base64");
// Only a local world needs the last two options.
const options = { rpc: world.rpc, ensRegistry: world.ensRegistry, allowLoopback: true };
const { alice, bob } = world;

// ----
const fromAlice = createMessenger({
  ...options,
  name: alice.name,
  keys: await openMessageKeys(keysOf(alice)),
  io, // of socket.io-client, for messages as soon as they arrive
  onOutgoing: ({ to, state }) => console.log("to", to, state ?? "on its way"),
});

const { id } = await fromAlice.send(bob.name, "Hello Bob");
const outcome = await fromAlice.settled(id);
if (outcome.state !== "accepted") console.log(outcome.mark, outcome.why?.sentence);
// ----

// ----
const toBob = createMessenger({
  ...options,
  name: bob.name,
  keys: await openMessageKeys(keysOf(bob)),
  io,
  onProblem: ({ relayNode, error }) => console.log(relayNode, error.code, error.message),
});

for await (const message of toBob.messages()) {
  const { from, content } = message;
  if (content.type === "NEW") console.log(from, "says", content.text); // keep it before the next line
  await toBob.acknowledge(message);
  await toBob.markRead(message);
  if (content.type === "NEW") break;
}
// ----

// ----
for await (const { content } of fromAlice.messages()) {
  if (content.type === "READ_OPENED") break;
}
const [sent] = await fromAlice.outgoing();
console.log(sent.to, sent.state); // delivered
// ----

const photo = Buffer.alloc(3_000, 7).toString("base64");

// ----
await fromAlice.send(bob.name, {
  ...{ type: "NEW", text: "Look" },
  attachments: [{ name: "photo.jpg", data: `data:image/jpeg;base64,${photo}` }],
});

for await (const message of toBob.messages()) {
  await toBob.acknowledge(message);
  const [attachment] = message.content.attachments ?? [];
  if (attachment === undefined) continue;
  try {
    const { name, mediaType, bytes } = await toBob.openAttachment(attachment);
    console.log(name, mediaType, bytes.length);
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    console.log(error.code, error.message); // senders may write anything: it must not end the loop
  }
  break;
}
// ----

await Promise.all([fromAlice.stop(), toBob.stop()]);
