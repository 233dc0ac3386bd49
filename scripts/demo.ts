// npm run demo [-- --once] [--port N] [--rpc-port N]
import { parseArgs } from "node:util";
import { isSignpostError } from "../src/errors.js";
import { runDemo } from "../src/demo/runDemo.js";

const { values } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    port: { type: "string", default: "0" },
    "rpc-port": { type: "string", default: "0" },
  },
});

try {
  const world = await runDemo({
    httpPort: Number(values.port),
    rpcPort: Number(values["rpc-port"]),
    databaseUrl: process.env["DATABASE_URL"],
    directory: ".signpost",
  });
  if (values.once) {
    await world.stop();
    process.exit(0);
  }
  const { rpcUrl } = world.chain;
  console.log(`
Everything stays up until you press Ctrl-C. In another terminal, try:
  npx signpost resolve alice.users.example.eth --allow-loopback --rpc ${rpcUrl} --registry ${world.ens.registry}
  npx signpost resolve nobody.users.example.eth --allow-loopback --rpc ${rpcUrl} --registry ${world.ens.registry}`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      void world.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`demo: ${error.message}`);
  process.exit(1);
}
