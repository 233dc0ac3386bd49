/**
 * The SDK's storage: a user's conversations on all devices, in the storage that dm3's own web client has (DM3's level 2). For messengers
 * of `signpost-sdk/messages`; those without it need nothing of this. Runs in browsers and under Node.
 *
 *   const storage = createStorage({ url: "https://relay.example.com/ds", keys: profileKeys, addressDomain: "addr.example.eth" });
 *   const messenger = createMessenger({ rpc, name: "alice.eth", keys: await openMessageKeys(profileKeys), storage });
 *   for await (const { contact, name } of storage.conversations()) console.log(name ?? contact);
 */
export { createStorage } from "../storage-client/createStorage.js";
export * from "./storageSurface.js";
