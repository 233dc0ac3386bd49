/** A component with nothing behind it: writes finished stanzas, and hears what comes. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";

export interface BareComponent {
  /** As fast as the socket takes them. */
  readonly write: (stanzas: readonly string[]) => Promise<void>;
  /** Writes one, and resolves with the next thing that comes. */
  readonly exchange: (stanza: string) => Promise<void>;
  readonly stop: () => void;
}

export async function openBareComponent(
  { host, componentPort, secret }: XmppServer,
  domain: string,
): Promise<BareComponent> {
  const socket = connect({ host, port: componentPort, noDelay: true });
  socket.setEncoding("utf8");
  let hear: (text: string) => void = () => undefined;
  socket.on("data", (text: string) => {
    hear(text);
  });
  const heard = (isIt: (all: string) => boolean) =>
    new Promise<string>((resolve) => {
      let all = "";
      hear = (text) => {
        all += text;
        if (isIt(all)) resolve(all);
      };
    });
  await once(socket, "connect");
  const header = heard((all) => / id=['"]/.test(all));
  socket.write(
    `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`,
  );
  const id = / id=['"]([^'"]+)/.exec(await header)?.[1] ?? "";
  const open = heard((all) => all.includes("handshake"));
  socket.write(
    `<handshake>${createHash("sha1")
      .update(id + secret)
      .digest("hex")}</handshake>`,
  );
  await open;
  return {
    write: async (stanzas) => {
      for (const stanza of stanzas) if (!socket.write(stanza)) await once(socket, "drain");
    },
    exchange: async (stanza) => {
      const answer = heard((all) => all.includes("</message>"));
      socket.write(stanza);
      await answer;
    },
    stop: () => socket.destroy(),
  };
}
