#!/usr/bin/env bash
# Seen: verifyMessage and verifyTypedData of a client of viem 2.57.20 give back false for a contract wallet's address when the RPC
# node answers 429, answers an error of JSON-RPC, or is not there at all. getCode and getEnsAddress of the same client throw then.
# So "could not find out" looks like "not signed by this wallet": who refuses or forgets on false does so while a node is busy.
# Expected: an error, as by the client's other actions. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit viem@2.57.20
cat > seen.mjs <<'JS'
import { createServer } from "node:http";
import { createPublicClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { mainnet } from "viem/chains";
const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const address = "0x2222222222222222222222222222222222222222"; // a wallet whose code decides
const signature = await account.signMessage({ message: "hello" });
const typedData = { domain: { name: "Notes" }, types: { Note: [{ name: "text", type: "string" }] }, primaryType: "Note" };
const node = (status, body) => createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(status, { "content-type": "application/json" }).end(body));
});
const limit = JSON.stringify({ jsonrpc: "2.0", id: 0, error: { code: -32005, message: "limit exceeded" } });
const tried = (work) => work.then(String, (error) => `throws ${error.name}`);
const ask = async (name, url) => {
  const client = createPublicClient({ chain: mainnet, transport: http(url, { retryCount: 0 }) });
  console.log(`${name}: verifyMessage ${await tried(client.verifyMessage({ address, message: "hello", signature }))}`);
  const typed = { ...typedData, address, message: { text: "hello" }, signature };
  console.log(`${name}: verifyTypedData ${await tried(client.verifyTypedData(typed))}`);
  console.log(`${name}: getCode ${(await tried(client.getCode({ address }))).split(" ")[0]}`);
};
for (const [name, status, body] of [["429", 429, "{}"], ["limit exceeded", 200, limit]]) {
  const server = node(status, body);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await ask(name, `http://127.0.0.1:${port}`);
  server.closeAllConnections();
  server.close();
  if (name === "limit exceeded") await ask("nothing listens", `http://127.0.0.1:${port}`);
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
429: verifyMessage false
429: verifyTypedData false
429: getCode throws
limit exceeded: verifyMessage false
limit exceeded: verifyTypedData false
limit exceeded: getCode throws
nothing listens: verifyMessage false
nothing listens: verifyTypedData false
nothing listens: getCode throws
TEXT
)" ] || { echo "They behave differently now."; exit 1; }
