// npm run demo [-- --once] [-- --port N] [-- --rpc-port N] [-- --dm3-client]
import { readFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { DM3_CHAIN_ID } from "../src/demo/dm3Client.js";
import { isSignpostError } from "../src/errors.js";

const USAGE = "Usage: npm run demo [-- --once] [-- --port N] [-- --rpc-port N] [-- --dm3-client]";

const CONNECTION_FILE = ".signpost/demo.json";
/** For whoever reads the file as it is; a registry at ENS's own address is another way to ask. */
const FIRST_MESSAGES = "\n  node docs/examples/first-messages.mjs";
/** What this demo wrote into it. */
let written = "";
const values = readArguments();
const forDm3Client = values["dm3-client"];
// hardhat reads its configuration as soon as it is imported
if (forDm3Client) process.env["LOCAL_CHAIN_ID"] = DM3_CHAIN_ID.toString();
const { runDemo } = await import("../src/demo/runDemo.js");

try {
  const world = await runDemo({
    httpPort: port(values.port),
    rpcPort: port(values["rpc-port"]),
    databaseUrl: process.env["DATABASE_URL"],
    ...{ forDm3Client, directory: ".signpost" },
  });
  if (values.once) {
    await world.stop();
    process.exit(0);
  }
  written = readFileSync(CONNECTION_FILE, "utf8");
  const { registry, universalResolver } = world.ens;
  // a registry at ENS's own address is asked by ENS's own UniversalResolver, if not told otherwise
  const where = forDm3Client
    ? `--universal-resolver ${universalResolver}`
    : `--registry ${registry}`;
  const options = `--allow-loopback --rpc ${world.chain.rpcUrl} ${where}`;
  console.log(`
Everything stays up until you press Ctrl-C. In another terminal, try:
  npx signpost resolve alice.users.example.eth ${options}
  npx signpost resolve nobody.users.example.eth ${options}
  npx signpost node check --demo${forDm3Client ? "" : FIRST_MESSAGES}`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      // what it says is of no use any more
      if (isOurs()) rmSync(CONNECTION_FILE, { force: true });
      void world.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`demo: ${error.message}`);
  process.exit(1);
}

/** Another demo may have been started since. */
function isOurs(): boolean {
  try {
    return readFileSync(CONNECTION_FILE, "utf8") === written;
  } catch {
    return false;
  }
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: "boolean", default: false },
        port: { type: "string", default: "0" },
        "rpc-port": { type: "string", default: "0" },
        "dm3-client": { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function port(text: string): number {
  return /^[0-9]{1,5}$/.test(text) && Number(text) < 65536
    ? Number(text)
    : refuse(`${text} is no port.`);
}

function refuse(reason: string): never {
  console.error(`demo: ${reason}\n${USAGE}`);
  process.exit(2);
}
