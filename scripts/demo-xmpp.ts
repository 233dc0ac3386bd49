// npm run demo:xmpp [-- --once] [-- --server prosody|ejabberd]
import { parseArgs } from "node:util";
import { runXmppDemo } from "../src/demo/runXmppDemo.js";
import { xmppAppSettings } from "../src/demo/xmppAppSettings.js";
import { CHAT_DOMAIN, DEMO_PASSWORD } from "../src/demo/xmppWorld.js";

const USAGE = "Usage: npm run demo:xmpp [-- --once] [-- --server prosody|ejabberd]";

const { once, server } = readArguments();
try {
  const world = await runXmppDemo({ kind: server, databaseUrl: process.env["DATABASE_URL"] });
  if (once) {
    await world.stop();
    process.exit(0);
  }
  const { host, clientPort, domain, componentDomain } = world.server;
  const contact = `${world.demo.people[0]?.name ?? ""}@${componentDomain}`;
  const settings = Object.entries(await xmppAppSettings(world, "dave"));
  console.log(`
Everything stays up until you press Ctrl-C.

What somebody sees who has no app for DM3: log in with any XMPP client (no TLS) at ${host}:${clientPort} as bob@${domain}, with the
password "${DEMO_PASSWORD}", and write to ${contact}: the answer says why it was not sent.

For an app of yours, and for the file .env of examples/xmpp-node, an account that has no keys yet:
${settings.map(([name, value]) => `  ${name}="${value}"`).join("\n")}
It gets the name dave.${CHAT_DOMAIN}. What it writes to that name comes back to it.`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => void world.stop().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: "boolean", default: false },
        server: { type: "string", default: "prosody" },
      },
    });
    if (values.server === "prosody" || values.server === "ejabberd") {
      return { once: values.once, server: values.server } as const;
    }
    return refuse(`${values.server} is no server that the demo knows.`);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(reason: string): never {
  console.error(`demo: ${reason}\n${USAGE}`);
  process.exit(2);
}
