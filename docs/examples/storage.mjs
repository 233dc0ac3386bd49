// Alice writes with one device, and sees it on another one.
//
//   node docs/examples/storage.mjs world.json
//
// world.json: as for messenger.mjs, with {"storage": {"url", "addressDomain"}}.
//
// The parts between the lines of hyphens stand in docs/sdk-storage.md as well.
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { createMessenger, openMessageKeys } from "signpost/sdk/messages";
import { createStorage } from "signpost/sdk/storage";

const world = JSON.parse(await readFile(process.argv[2], "utf8"));
const keysOf = ({ storageKey }) => Buffer.from(storageKey, "base64");
// Only a local world needs the last two options.
const options = { rpc: world.rpc, ensRegistry: world.ensRegistry, allowLoopback: true };
const { alice, bob } = world;
const { url, addressDomain } = world.storage;

// ----
const keys = keysOf(alice); // the storage key, or the key pairs that createProfile made
const storage = createStorage({ url, keys, addressDomain });
const phone = createMessenger({
  ...options,
  ...{ name: alice.name, keys: await openMessageKeys(keys), storage },
  onProblem: ({ relayNode, error }) => console.log(relayNode, error.code, error.message),
});

const { id } = await phone.send(bob.name, "Hello Bob");
await phone.settled(id);
await storage.settled(); // nothing waits on this device any more
// ----

// ----
const sameStorage = createStorage({ url, keys, addressDomain });
const desk = createMessenger({
  ...options,
  ...{ name: alice.name, keys: await openMessageKeys(keys), storage: sameStorage },
});

for await (const { contact, name, preview } of sameStorage.conversations()) {
  console.log("with", name ?? contact, preview?.content.text);
  for await (const message of sameStorage.messages(contact)) {
    const { from, content, isOwn, signature } = message;
    if (signature !== "passed") continue; // or show that nobody vouches for it
    console.log(isOwn ? "I said" : `${from} said`, content.text ?? content.type);
  }
}
// ----

// ----
await sameStorage.setHidden(bob.name, true);
await sameStorage.settled();
for await (const { contact } of storage.conversations()) console.log("still shown:", contact);
// ----

await Promise.all([phone.stop(), desk.stop()]);
