// npm run demo:xmpp [-- --once] [-- --server prosody|ejabberd]
import { parseArgs } from "node:util";
import { runXmppDemo } from "../src/demo/runXmppDemo.js";

const USAGE = "Usage: npm run demo:xmpp [-- --once] [-- --server prosody|ejabberd]";

const { once, server } = readArguments();
try {
  const world = await runXmppDemo({ kind: server, databaseUrl: process.env["DATABASE_URL"] });
  if (once) {
    await world.stop();
    process.exit(0);
  }
  const { host, clientPort, domain } = world.server;
  console.log(`
Everything stays up until you press Ctrl-C. Log in with any XMPP client (no TLS) at ${host}:${clientPort}:
  bob@${domain}, with the password "of the demo", and write to ${world.demo.people[0]?.name ?? ""}@${world.server.componentDomain}`);
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
