// node ../demo-env.mjs: points the example in whose folder it runs at the demo that runs on this machine (`npm run demo`),
// by a file .env.local. Another place of demo.json can be given.
import { readFileSync, writeFileSync } from "node:fs";

const file = process.argv[2] ?? new URL("../.signpost/demo.json", import.meta.url);
const { rpcUrl, chainId, universalResolver } = JSON.parse(readFileSync(file, "utf8"));
const settings = {
  ENS_RPC_URL: rpcUrl,
  ENS_CHAIN_ID: chainId,
  ENS_UNIVERSAL_RESOLVER: universalResolver,
  ENS_ALLOW_LOOPBACK: "yes",
};
// Vite shows pages only what begins with VITE_
const lines = Object.entries(settings).flatMap(([name, value]) => [
  `${name}=${value}`,
  `VITE_${name}=${value}`,
]);
writeFileSync(".env.local", `${lines.join("\n")}\n`);
