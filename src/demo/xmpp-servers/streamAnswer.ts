import { connect } from "node:net";

const PATIENCE_MS = 1_000;

/** What a server on loopback says to a stream's beginning; empty when it says nothing. */
export function streamAnswer(port: number, xmlns: string, to: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect({ host: "127.0.0.1", port });
    socket.setTimeout(PATIENCE_MS);
    socket.on("connect", () => {
      socket.write(
        `<?xml version='1.0'?><stream:stream xmlns='${xmlns}' xmlns:stream='http://etherx.jabber.org/streams' to='${to}' version='1.0'>`,
      );
    });
    socket.on("data", (bytes) => {
      heard += bytes.toString();
      // features come behind the header of a client's stream, and nothing behind that of a component
      if (xmlns !== "jabber:client" || heard.includes("features>")) socket.destroy();
    });
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve(heard);
    });
  });
}
