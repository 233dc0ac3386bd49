#!/usr/bin/env bash
# Seen: @xmpp/jid 0.14.0 changes some valid addresses when it reads them. Where a backslash begins no escape sequence, it escapes
# all backslashes of the address, also those of real escape sequences. The result is the address of another account, or of none, and
# a stanza goes there.
# Expected: such a backslash stays as it is, in escaping and in unescaping (XEP-0106, section 4.3, which has the first three as
# examples). Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit @xmpp/jid@0.14.0
cat > seen.mjs <<'JS'
import { jid } from "@xmpp/jid";
for (const local of String.raw`\2plus\2is\4 foo\bar foob\41r foo\bar\40host user\40host`.split(" ")) {
  const read = jid(`${local}@chat.test`);
  console.log(`${local} is read as ${read.local}, shown as ${read.getLocal(true)}`);
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
\2plus\2is\4 is read as \5c2plus\5c2is\5c4, shown as \2plus\2is\4
foo\bar is read as foo\5cbar, shown as foo\bar
foob\41r is read as foob\5c41r, shown as foob\41r
foo\bar\40host is read as foo\5cbar\5c40host, shown as foo\bar\40host
user\40host is read as user\40host, shown as user@host
TEXT
)" ] || { echo "@xmpp/jid behaves differently now."; exit 1; }
