// Stands for a client of an XMPP server that speaks DM3: node --import tsx scripts/xmpp-user.ts bob@chat.test PASSWORD HOST:PORT
// Links the account, prints what comes; a line "alice.eth Hello" on standard input is sent. The wallet is made at the first time, and
// kept in .signpost/bob@chat.test.key: the name belongs to it from then on. Needs a running `npm run demo`.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { client, xml } from "@xmpp/client";
import { walletIn } from "../src/cli/gateway/check/walletFile.js";
import { isSignpostError } from "../src/errors.js";
import {
  askXmppGateway,
  createXmppMessenger,
  openMessageKeys,
  xmppClientConnection,
} from "../src/sdk/xmppNode.js";
import { createProfile } from "../src/wallet/createProfile.js";

const [address = "", password = "", server = ""] = process.argv.slice(2);
const [username = "", domain = ""] = address.split("@");
if (username === "" || domain === "" || password === "" || server === "") {
  console.error("Usage: node --import tsx scripts/xmpp-user.ts bob@chat.test PASSWORD HOST:PORT");
  process.exit(2);
}
const { rpcUrl, ensRegistry, universalResolver } = readDemo();

const xmpp = client({ service: `xmpp://${server}`, domain, username, password });
xmpp.on("error", (error: Error) => {
  console.error(`XMPP: ${error.message}`);
});
const connection = xmppClientConnection(xmpp, xml);
await xmpp.start().catch(() => {
  end(
    `${address} could not log in at ${server}: look for the server, the account and its password.`,
  );
});
const gateway = `dm3.${domain}`;
const { relayNode, name } = await again(() => askXmppGateway({ connection, gateway, address }));
const profile = await createProfile(await walletIn(`.signpost/${address}.key`), [relayNode]);
const messenger = createXmppMessenger({
  ...{ connection, gateway, address, wallet: profile.address },
  profile: profile.signedUserProfile,
  keys: await openMessageKeys(profile.keys),
  ...{ rpc: rpcUrl, ensRegistry, universalResolver, allowLoopback: true },
  onProblem: ({ error }) => {
    console.error(`${error.code}: ${error.message}`);
  },
});
await again(() => messenger.link());
console.log(`${address} is ${name ?? "nobody"} in DM3.`);

const sending: Promise<void>[] = [];
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [, to, text] = /^(\S+)\s+(.+)$/.exec(line.trim()) ?? [];
  if (to !== undefined && text !== undefined) sending.push(send(to, text));
});
lines.on("close", () => {
  // whoever was given something to say ends when it is said
  if (sending.length > 0) void Promise.all(sending).then(() => process.exit(0));
});

for await (const message of messenger.messages()) {
  if (message.content.type === "NEW") console.log(`${message.from}: ${message.content.text}`);
  await messenger.acknowledge(message);
}

function readDemo() {
  try {
    return JSON.parse(readFileSync(".signpost/demo.json", "utf8")) as Readonly<
      Record<"rpcUrl" | "ensRegistry" | "universalResolver", string>
    >;
  } catch {
    return end("There is no .signpost/demo.json here. Start `npm run demo` in this folder first.");
  }
}

function end(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

/** A server may end a new connection; the library connects again by itself. A refusal stays one. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isSignpostError(error)) throw error;
      if (error.code !== "UNREACHABLE" || attempt === 10) end(`${error.code}: ${error.message}`);
      await delay(1_000);
    }
  }
}

async function send(to: string, text: string): Promise<void> {
  try {
    const { id } = await messenger.send(to, text);
    const { state, why } = await messenger.settled(id);
    console.log(`to ${to}: ${state ?? "on its way"} ${why?.sentence ?? ""}`.trimEnd());
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    console.error(`${error.code}: ${error.message}`);
  }
}
