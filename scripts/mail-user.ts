// Stands for a DM3 user's app with mail: node --import tsx scripts/mail-user.ts NAME BRIDGE_URL MAIL_DOMAIN VCARD_FILE TEXT
// Makes a wallet, keys, a profile and an OpenPGP key, writes to whom the vCard is of, prints the answer, and ends.
import { readFileSync } from "node:fs";
import { Wallet } from "ethers";
import { askJson } from "../src/demo/askJson.js";
import { startDm3MailUser } from "../src/demo/dm3MailUser.js";
import { createClient } from "../src/sdk/node.js";
import { readVCards } from "../src/sdk/openpgpMimeNode.js";
import { createProfile } from "../src/wallet/createProfile.js";

const [name, bridge, mailDomain, file, text] = process.argv.slice(2);
if (!name || !bridge || !mailDomain || !file || !text) {
  console.error("Usage: scripts/mail-user.ts NAME BRIDGE_URL MAIL_DOMAIN VCARD_FILE TEXT");
  process.exit(2);
}
const demo = JSON.parse(readFileSync(".signpost/demo.json", "utf8")) as Readonly<
  Record<"rpcUrl" | "ensRegistry" | "universalResolver" | "apiUrl" | "apiKey" | "domain", string>
>;
const { apiKey, apiUrl: url, domain } = demo;
const profile = await createProfile(Wallet.createRandom(), [`relay.${domain}`]);
await createClient({ url, apiKey }).profiles.put(name, profile);
const user = await startDm3MailUser(
  {
    ...{ chain: demo, service: { url }, apiKey },
    ens: { registry: demo.ensRegistry, universalResolver: demo.universalResolver },
  },
  { name, ...profile },
  mailDomain,
);
console.log(`${name} writes as ${user.address}.`);

const [card] = readVCards(readFileSync(file, "utf8"));
if (card?.certificate == null) throw new Error(`${file} has no OpenPGP certificate.`);
await user.keyBook.take({ ...card, certificate: card.certificate, source: "vcard" });
const introduced = (await askJson(new URL("/bridge/users", bridge).href, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ address: card.address }),
})) as { readonly name: string };
console.log(`${card.address} is ${introduced.name} in DM3.`);

const { sent } = await user.write(
  { address: card.address, name: introduced.name },
  { type: "NEW", text },
);
console.log(`to ${introduced.name}: ${(await sent).state ?? "not accepted yet"}`);
for (let looks = 0; looks < 600; looks++) {
  const [answer] = user.read;
  if (answer !== undefined && "text" in answer.content) {
    console.log(`${answer.from}: ${answer.content.text}`);
    process.exit(0);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}
console.error("No answer came in a minute.");
process.exit(1);
