/** An account on a private XMPP server, as anybody makes one there (XEP-0077). */
import { connect } from "node:net";
import { xml } from "../../xmpp/xml.js";
import type { XmppServer } from "./xmppServer.js";

const PATIENCE_MS = 20_000;
const REGISTER_NS = "jabber:iq:register";

/** Throws where the account exists. */
export function registerAccount(
  { host, clientPort, domain }: Pick<XmppServer, "host" | "clientPort" | "domain">,
  user: string,
  password: string,
): Promise<void> {
  const query = xml(
    "query",
    { xmlns: REGISTER_NS },
    xml("username", {}, user),
    xml("password", {}, password),
  );
  return new Promise((resolve, reject) => {
    let heard = "";
    let isAsked = false;
    const socket = connect({ host, port: clientPort, noDelay: true });
    socket.setTimeout(PATIENCE_MS);
    socket.on("connect", () => {
      socket.write(
        `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`,
      );
    });
    socket.on("data", (bytes) => {
      heard += bytes.toString();
      if (!isAsked && heard.includes("features>")) {
        isAsked = true;
        heard = "";
        socket.write(xml("iq", { type: "set", id: "register" }, query).toString());
      } else if (isAsked && /<iq[^>]*(?:\/>|<\/iq>)/.test(heard)) socket.destroy();
    });
    socket.on("timeout", () => socket.destroy());
    socket.on("error", reject);
    socket.on("close", () => {
      if (/<iq[^>]*type=['"]result/.test(heard)) resolve();
      else reject(new Error(`${user}@${domain} could not be registered: ${heard.slice(0, 500)}`));
    });
  });
}
