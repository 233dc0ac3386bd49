// npm run demo:mail [-- --once]
import { parseArgs } from "node:util";
import { runMailDemo } from "../src/demo/runMailDemo.js";

const USAGE = "Usage: npm run demo:mail [-- --once]";

const once = readArguments();
try {
  const network = await runMailDemo(process.env["DATABASE_URL"]);
  if (once) {
    await network.stop();
    process.exit(0);
  }
  const { imapPort, smtpPort } = network.provider;
  console.log(`
Everything stays up until you press Ctrl-C. The account of alice@mail.test, for any mail program (no TLS):
  password "of the demo", IMAP 127.0.0.1:${imapPort}, SMTP 127.0.0.1:${smtpPort}
  The inbox is empty, because Delta Chat has taken its mails. A mail that is not encrypted is refused, with the reason.
To write texts of your own in both directions: docs/guides/for-bridge-operators.md`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => void network.stop().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

function readArguments(): boolean {
  try {
    return parseArgs({ options: { once: { type: "boolean", default: false } } }).values.once;
  } catch (error) {
    console.error(`demo: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}
