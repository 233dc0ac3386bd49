// npm run demo [-- --once] [-- --port N] [-- --rpc-port N]
import { readFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { runDemo } from "../src/demo/runDemo.js";
import { isSignpostError } from "../src/errors.js";

const USAGE = "Usage: npm run demo [-- --once] [-- --port N] [-- --rpc-port N]";

const CONNECTION_FILE = ".signpost/demo.json";
/** What this demo wrote into it. */
let written = "";
const values = readArguments();

try {
  const world = await runDemo({
    httpPort: port(values.port),
    rpcPort: port(values["rpc-port"]),
    databaseUrl: process.env["DATABASE_URL"],
    directory: ".signpost",
  });
  if (values.once) {
    await world.stop();
    process.exit(0);
  }
  written = readFileSync(CONNECTION_FILE, "utf8");
  const { rpcUrl } = world.chain;
  console.log(`
Everything stays up until you press Ctrl-C. In another terminal, try:
  npx signpost resolve alice.users.example.eth --allow-loopback --rpc ${rpcUrl} --registry ${world.ens.registry}
  npx signpost resolve nobody.users.example.eth --allow-loopback --rpc ${rpcUrl} --registry ${world.ens.registry}`);
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
