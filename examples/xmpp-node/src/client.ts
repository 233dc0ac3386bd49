/** A chat in a terminal: an account of an XMPP server, whose messages with DM3 users are encrypted end to end. */
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { client, xml } from "@xmpp/client";
import { Wallet } from "ethers";
import { createProfile } from "signpost-sdk";
import {
  askXmppGateway,
  createXmppMessenger,
  isSignpostError,
  openMessageKeys,
  xmppClientConnection,
} from "signpost-sdk/xmpp";
import { fileKeyValue } from "./fileKeyValue.js";

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`Set ${name}; see README.md.`);
  return value;
}

const address = setting("XMPP_ADDRESS"); // bob@chat.example
const [username = "", domain = ""] = address.split("@");
const gateway = process.env["XMPP_GATEWAY"] ?? `dm3.${domain}`;
const service = process.env["XMPP_SERVICE"] ?? domain;

const xmpp = client({ service, domain, username, password: setting("XMPP_PASSWORD") });
xmpp.on("error", (error: Error) => {
  console.error("XMPP:", error.message);
});
const connection = xmppClientConnection(xmpp, xml);
await xmpp.start();

// once for each account: an app keeps profile and keys
const { relayNode, name } = await untilReached();
const wallet = new Wallet(setting("WALLET_KEY"));
const { signedUserProfile, keys } = await createProfile(wallet, [relayNode]);

/** A connection can end while it begins; it comes back by itself. */
async function untilReached() {
  for (;;) {
    try {
      return await askXmppGateway({ connection, gateway, address });
    } catch (error) {
      if (!isSignpostError(error, "UNREACHABLE")) throw error;
      console.error(`  ${error.message}`);
      await delay(1000);
    }
  }
}

const universalResolver = process.env["ENS_UNIVERSAL_RESOLVER"];
const messenger = createXmppMessenger({
  ...{ connection, gateway, address, profile: signedUserProfile, wallet: wallet.address },
  keys: await openMessageKeys(keys),
  rpc: setting("ENS_RPC_URL"),
  ...(universalResolver === undefined ? {} : { universalResolver }),
  allowLoopback: process.env["ENS_ALLOW_LOOPBACK"] === "yes",
  store: fileKeyValue(process.env["STORE"] ?? `${address}.json`),
  onOutgoing: ({ to, state, mark, why }) => {
    console.log(`  to ${to}: ${state ?? mark ?? "on its way"} ${why?.sentence ?? ""}`);
  },
  onProblem: ({ error }) => {
    console.error(`  ${error.code}: ${error.message}`);
  },
});
console.log(`You are ${address}, and ${name ?? "(no name)"} in DM3. Write: alice.eth Hello Alice`);

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [, to, text] = /^(\S+)\s+(.+)$/.exec(line.trim()) ?? [];
  if (to === undefined || text === undefined) return;
  messenger.send(to, text).catch((error: unknown) => {
    if (!isSignpostError(error)) throw error;
    console.error(`  ${error.code}: ${error.message}`);
  });
});
lines.on("close", () => {
  void messenger.stop().then(() => xmpp.stop());
});

for await (const message of messenger.messages()) {
  const { from, content } = message;
  if (content.type === "NEW") console.log(`${from}: ${content.text}`); // an app keeps it here
  await messenger.acknowledge(message);
}
