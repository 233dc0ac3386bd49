#!/usr/bin/env bash
# Seen: @xmpp/client 0.14.0 with stream management. The first message after start() goes out before <enable/>, so nobody is ever
# told whether it arrived. When a stream cannot be resumed, the server may tell how many messages it handled (<failed h="2"/>).
# They are told as failed all the same. Whoever sends failed messages again sends those twice, and the first one never.
# Expected: each message after start() ends as "ack" or "fail", and h is how many were handled (XEP-0198, section 5). Fails when
# what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit @xmpp/client@0.14.0
cat > seen.mjs <<'JS'
import { once } from "node:events";
import { createServer } from "node:net";
import { client, xml } from "@xmpp/client";
const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
const BIND = "urn:ietf:params:xml:ns:xmpp-bind";
const SM = "urn:xmpp:sm:3";
const STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";
const HEADER =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' from='chat.test' version='1.0'>";
let streams = 0;
const server = createServer((socket) => {
  let [isFirst, isKnown, text, handled] = [++streams === 1, false, "", ""];
  socket.on("error", () => undefined);
  const answers = [
    [/<auth [^>]*>/, () => ((isKnown = true), `<success xmlns='${SASL}'/>`)],
    [
      /<stream:stream [^>]*>/,
      () => {
        const logIn = `<mechanisms xmlns='${SASL}'><mechanism>ANONYMOUS</mechanism></mechanisms>`;
        const goOn = `<bind xmlns='${BIND}'/><sm xmlns='${SM}'/>`;
        return `${HEADER}<stream:features>${isKnown ? goOn : logIn}</stream:features>`;
      },
    ],
    [
      /<iq [^>]*id="([^"]+)".*?<\/iq>/,
      ([, id]) => `<iq type='result' id='${id}'><bind xmlns='${BIND}'><jid>a@chat.test/1</jid></bind></iq>`,
    ],
    [/<enable [^>]*>/, () => `<enabled xmlns='${SM}' id='x' resume='true'/>`],
    [/<resume [^>]*>/, () => `<failed xmlns='${SM}' h='2'><item-not-found xmlns='${STANZAS}'/></failed>`],
    [/<message [^>]*id="(.)".*?<\/message>/, ([, id]) => ((handled += id), "")],
  ];
  socket.on("data", (data) => {
    text += data;
    for (const [pattern, answer] of answers) {
      text = text.replace(pattern, (...match) => (socket.write(answer(match)), ""));
    }
    if (!isFirst || !handled.includes("3")) return;
    console.log(`the server handled ${handled}, two of them counted`);
    socket.destroy();
  });
});
await once(server.listen(0, "127.0.0.1"), "listening");
const xmpp = client({ service: `xmpp://127.0.0.1:${server.address().port}`, domain: "chat.test" });
const told = [];
for (const event of ["ack", "fail"]) xmpp.streamManagement.on(event, ({ attrs }) => told.push(`${event} ${attrs.id}`));
xmpp.on("error", () => undefined);
await xmpp.start();
const again = once(xmpp, "online");
for (const id of ["1", "2", "3"]) await xmpp.send(xml("message", { id, to: "b@chat.test" }, xml("body", {}, "hello")));
await again;
console.log(`the sender is told: ${told.join(", ")}`);
process.exit();
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
the server handled 123, two of them counted
the sender is told: fail 2, fail 3
TEXT
)" ] || { echo "@xmpp/client behaves differently now."; exit 1; }
