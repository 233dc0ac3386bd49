#!/usr/bin/env bash
# Seen: smtp-server 3.21.6 shows the domain of MAIL and RCPT in Unicode where the client sent its A-label (xn--), although the client
# asked for no SMTPUTF8. Upper and lower case stay as they were sent. A server that compares with its own domain as DNS has it
# knows none of its recipients; handed on as it is, such an address needs SMTPUTF8 at the next server, which the first mail did not.
# Expected: the address as it was sent. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit smtp-server@3.21.6
cat > seen.mjs <<'JS'
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { SMTPServer } from "smtp-server";
const server = new SMTPServer({
  authOptional: true,
  disableReverseLookup: true,
  onMailFrom: ({ address }, session, callback) => callback(console.log(`MAIL is shown from ${address}`)),
  onRcptTo: ({ address }, session, callback) => callback(console.log(`RCPT is shown to ${address}`)),
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const socket = connect(server.server.address().port, "127.0.0.1");
const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
const reply = async () => {
  for (;;) {
    const { value } = await lines.next();
    if (!/^\d{3}-/.test(value)) return value;
  }
};
await reply();
for (const line of [
  "EHLO client.example",
  "MAIL FROM:<Bob@xn--mnchen-3ya.example>",
  "RCPT TO:<Alice@xn--mnchen-3ya.EXAMPLE>",
  "QUIT",
]) {
  socket.write(`${line}\r\n`);
  console.log(`${line}: ${(await reply()).slice(0, 3)}`);
}
server.close();
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
EHLO client.example: 250
MAIL is shown from Bob@münchen.example
MAIL FROM:<Bob@xn--mnchen-3ya.example>: 250
RCPT is shown to Alice@münchen.EXAMPLE
RCPT TO:<Alice@xn--mnchen-3ya.EXAMPLE>: 250
QUIT: 221
TEXT
)" ] || { echo "It behaves differently now."; exit 1; }
