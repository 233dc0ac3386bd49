#!/usr/bin/env bash
# Seen: viem 2.57.20 asks four times, with pauses, when a node answers a call that reverts with the JSON-RPC code -32603, as
# Hardhat does; with the codes 3 and -32000 of other nodes it asks once. A lookup by CCIP Read begins with such a revert.
# Expected: a revert, which has its data beside the code, is an answer whatever the code. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit viem@2.57.20
cat > seen.mjs <<'JS'
import { createServer } from "node:http";
import { createPublicClient, encodeErrorResult, http, parseAbi } from "viem";

const data = encodeErrorResult({ abi: parseAbi(["error Refused(uint256 why)"]), args: [1n] });
for (const code of [3, -32000, -32603]) {
  let asked = 0;
  const node = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked++;
    const error = { code, message: "execution reverted", data };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(body).id, error }));
  });
  await new Promise((listening) => node.listen(0, "127.0.0.1", listening));
  const client = createPublicClient({ transport: http(`http://127.0.0.1:${node.address().port}`) });
  await client.call({ to: `0x${"11".repeat(20)}`, data: "0x12345678" }).catch(() => undefined);
  console.log(`${code}: asked ${asked} times`);
  node.close();
  node.closeAllConnections();
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
3: asked 1 times
-32000: asked 1 times
-32603: asked 4 times
TEXT
)" ] || { echo "viem behaves differently now."; exit 1; }
