#!/usr/bin/env bash
# Seen: ipfs-unixfs 11.2.5 writes the modification time of a file wrongly from 2^31 seconds (19 January 2038) to 2^32: the
# varint begins right and goes on with zeros. It cannot read its own file then, or reads another time.
# Expected: what is written is read back, as it is before and after. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit ipfs-unixfs@11.2.5
cat > seen.mjs <<'JS'
import { UnixFS } from "ipfs-unixfs";
for (const secs of [2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n]) {
  const entry = new UnixFS({ type: "file", data: new Uint8Array(), mtime: { secs } });
  let read;
  try {
    read = UnixFS.unmarshal(entry.marshal()).mtime?.secs;
  } catch (error) {
    read = error.name;
  }
  console.log(`written ${secs}, read ${read}`);
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
written 2147483647, read 2147483647
written 2147483648, read 0
written 4294967295, read RangeError
written 4294967296, read 4294967296
TEXT
)" ] || { echo "ipfs-unixfs behaves differently now."; exit 1; }
