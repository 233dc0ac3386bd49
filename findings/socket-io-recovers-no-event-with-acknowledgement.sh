#!/usr/bin/env bash
# Seen: with connectionStateRecovery, socket.io 4.8.4 keeps events for a client that is away for a moment, but none that asks for an
# acknowledgement. The client is told that it recovered and never gets them. To a room, emitWithAck even succeeds, with no answers.
# Expected: "any missed packets will be received" (its documentation), above all those that have to be acknowledged. Fails when
# what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit socket.io@4.8.4 socket.io-client@4.8.4
cat > seen.mjs <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { io } from "socket.io-client";
const listening = createServer();
const server = new Server(listening, { connectionStateRecovery: {} });
await once(listening.listen(0, "127.0.0.1"), "listening");
const connected = once(server, "connection");
const client = io(`http://127.0.0.1:${listening.address().port}`, { transports: ["websocket"], reconnectionDelay: 500 });
const received = [];
client.on("message", (text, acknowledge) => {
  received.push(text);
  acknowledge?.call?.(null, "yes");
});
const [socket] = await connected;
socket.emit("message", "before"); // recovery needs one
await new Promise((come) => client.once("message", come));
const gone = once(socket, "disconnect");
const back = once(server, "connection");
client.io.engine.close();
await gone;
socket.emit("message", "without");
const answers = [socket, server.to(socket.id)].map((to, at) =>
  to.timeout(3000).emitWithAck("message", `with ${at}`).catch((error) => error.message),
);
const [again] = await back;
again.emit("message", "after");
const [one, room] = await Promise.all(answers);
console.log(`recovered ${client.recovered}, received: ${received.join(", ")}`);
console.log(`acknowledged to the socket: ${JSON.stringify(one)}, to its room: ${JSON.stringify(room)}`);
process.exit();
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
recovered true, received: before, without, after
acknowledged to the socket: "operation has timed out", to its room: []
TEXT
)" ] || { echo "socket.io behaves differently now."; exit 1; }
