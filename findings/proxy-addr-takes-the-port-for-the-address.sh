#!/usr/bin/env bash
# Seen: proxy-addr 2.0.8, by which express makes req.ip, returns an X-Forwarded-For entry with a port as it stands, port and
# brackets included, and any other text as well. Some proxies write ports, so each connection of a client is another "address".
# Expected: an address, as the name says. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit proxy-addr@2.0.8
cat > seen.mjs <<'JS'
import proxyAddr from "proxy-addr";

for (const forwarded of ["203.0.113.10", "203.0.113.10:51234", "[2001:db8::7]:51234"]) {
  const socket = { remoteAddress: "127.0.0.1" };
  const request = { headers: { "x-forwarded-for": forwarded }, connection: socket, socket };
  console.log(`${forwarded} is ${proxyAddr(request, ["127.0.0.1"])}`);
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
203.0.113.10 is 203.0.113.10
203.0.113.10:51234 is 203.0.113.10:51234
[2001:db8::7]:51234 is [2001:db8::7]:51234
TEXT
)" ] || { echo "proxy-addr behaves differently now."; exit 1; }
