#!/usr/bin/env bash
# Seen: where an RPC node answers eth_call or eth_estimateGas by an error without data, whichever it is (a limit that is reached, a
# header that it does not have), ethers 6.17.0 throws CALL_EXCEPTION, "missing revert data": the code for a contract that reverted. Only
# `info.error` says what it was. For other methods the same error of the node is UNKNOWN_ERROR. Who reads CALL_EXCEPTION as "the contract
# has no such function" decides so while a node is busy.
# Expected: CALL_EXCEPTION for executions that failed alone. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit ethers@6.17.0
cat > seen.mjs <<'JS'
import { createServer } from "node:http";
import { Contract, JsonRpcProvider } from "ethers";
const address = "0x5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f";
for (const error of [
  { code: -32005, message: "limit exceeded" },
  { code: -32000, message: "header not found" },
  { code: 3, message: "execution reverted" },
]) {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (some) => (text += some)).on("end", () => {
      const { id } = JSON.parse(text);
      response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, error }));
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}`;
  const provider = new JsonRpcProvider(url, 1, { staticNetwork: true, batchMaxCount: 1 });
  const contract = new Contract(address, ["function owner() view returns (address)"], provider);
  const code = (work) => work.then(String, (thrown) => `${thrown.code} (${thrown.shortMessage})`);
  console.log(`${error.message}: owner() ${await code(contract.owner())}`);
  console.log(`${error.message}: getBalance ${await code(provider.getBalance(address))}`);
  provider.destroy();
  server.closeAllConnections();
  server.close();
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
limit exceeded: owner() CALL_EXCEPTION (missing revert data)
limit exceeded: getBalance UNKNOWN_ERROR (could not coalesce error)
header not found: owner() CALL_EXCEPTION (missing revert data)
header not found: getBalance UNKNOWN_ERROR (could not coalesce error)
execution reverted: owner() CALL_EXCEPTION (missing revert data)
execution reverted: getBalance UNKNOWN_ERROR (could not coalesce error)
TEXT
)" ] || { echo "It behaves differently now."; exit 1; }
