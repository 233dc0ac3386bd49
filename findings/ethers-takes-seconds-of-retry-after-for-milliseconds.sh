#!/usr/bin/env bash
# Seen: when a server answers 429 and asks to be left alone for a second (Retry-After: 1), ethers 6.17.0 comes back after a
# millisecond, twelve times in all, and fails. Without the header it waits longer and longer. So a server that says how long to
# wait, as limits of nodes and CCIP gateways do, is asked more often than one that does not.
# Expected: the number is in seconds (RFC 9110, section 10.2.3). Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit ethers@6.17.0
cat > seen.mjs <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import { FetchRequest } from "ethers";
for (const retryAfter of ["1", null]) {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    response.writeHead(429, retryAfter === null ? {} : { "retry-after": retryAfter }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const sent = new FetchRequest(`http://127.0.0.1:${server.address().port}`).send().catch(({ code }) => code);
  const within = new Promise((end) => setTimeout(end, 3000));
  await Promise.race([sent, within]);
  console.log(`Retry-After ${retryAfter}: ${asked >= 12 ? "asked 12 times" : "asked less often"} within 3 seconds`);
}
process.exit();
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
Retry-After 1: asked 12 times within 3 seconds
Retry-After null: asked less often within 3 seconds
TEXT
)" ] || { echo "ethers behaves differently now."; exit 1; }
