// Stands for a mail provider whose user has Delta Chat: node --import tsx scripts/mail-provider.ts SMTP_PORT DNS_PORT BRIDGE_PORT
// alice@mail.test gives her vCard in .signpost/alice.vcf, prints what she gets, and answers it. The DNS server, which stands for that
// of the world, answers with the records in .signpost/records.json, as soon as they are there.
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { DeltaChat } from "../src/demo/mail/deltaChat.js";
import { DeltaChatUser } from "../src/demo/mail/deltaChatUser.js";
import { startDns } from "../src/demo/mail/dnsServer.js";
import { startProvider } from "../src/demo/mail/providerServer.js";

const FOLDER = ".signpost";
const PAUSE_MS = 200;
/** Up to here: oneself, and Delta Chat's own notices. */
const LAST_SPECIAL_CONTACT = 9;

const [smtpPort = 0, dnsPort = 0, bridgePort = 0] = process.argv.slice(2).map(Number);
if (!(smtpPort > 0 && dnsPort > 0 && bridgePort > 0)) {
  console.error("Usage: node --import tsx scripts/mail-provider.ts SMTP_PORT DNS_PORT BRIDGE_PORT");
  process.exit(2);
}
process.once("uncaughtException", endWith);
await mkdir(FOLDER, { recursive: true });
const dns = await startDns(dnsPort);
const provider = await startProvider("mail.test", dns, () => bridgePort, smtpPort);
const deltaChat = await DeltaChat.start(`${FOLDER}/delta-chat-${process.pid}`);
const alice = await DeltaChatUser.start(deltaChat, "alice@mail.test", provider);
await writeFile(`${FOLDER}/alice.vcf`, await alice.vCard());
console.log(`alice@mail.test has Delta Chat. Her vCard is in ${FOLDER}/alice.vcf.`);

const answered = new Set<number>();
for (;;) {
  publishRecords();
  for (const { id, chatId, fromId, text, showPadlock, sender } of await alice.messages()) {
    if (fromId <= LAST_SPECIAL_CONTACT || answered.has(id) || !showPadlock) continue;
    answered.add(id);
    console.log(`alice@mail.test got "${text}", encrypted, from ${sender.address}`);
    await alice.call("accept_chat", chatId);
    await alice.write(chatId, { text: `You wrote: ${text}`, quotedMessageId: id });
  }
  await setTimeout(PAUSE_MS);
}

function publishRecords(): void {
  const records = recordsIn(`${FOLDER}/records.json`);
  for (const { name } of records) dns.zones.set(name, { TXT: [], MX: [] });
  for (const { name, type, text } of records) {
    const zone = dns.zones.get(name) ?? {};
    const [priority = "", exchange = ""] = text.split(" ");
    dns.zones.set(name, {
      ...zone,
      ...(type === "MX"
        ? { MX: [...(zone.MX ?? []), [Number(priority), exchange] as const] }
        : { TXT: [...(zone.TXT ?? []), text] }),
    });
    if (type === "MX") dns.zones.set(exchange, { ...dns.zones.get(exchange), A: ["127.0.0.1"] });
  }
}

function endWith(error: Error): never {
  const { code, port } = error as { readonly code?: string; readonly port?: number };
  console.error(
    code === "EADDRINUSE"
      ? `Port ${port ?? ""} is in use. End what uses it, or give other ports here and in the settings of the guide.`
      : error,
  );
  process.exit(1);
}

/** Empty while there are none. */
function recordsIn(file: string) {
  try {
    const { records } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly records: readonly Readonly<Record<"name" | "type" | "text", string>>[];
    };
    return records;
  } catch {
    return [];
  }
}
