/** The same tests on prosody and on ejabberd. */
import { startXmppServer } from "../../src/demo/xmpp-servers/startXmppServer.js";
import type {
  XmppServer,
  XmppServerKind,
  XmppServerOptions,
} from "../../src/demo/xmpp-servers/xmppServer.js";

export const KINDS: readonly XmppServerKind[] = ["prosody", "ejabberd"];

export function onBothServers(
  title: string,
  tests: (server: () => XmppServer, kind: XmppServerKind) => void,
  options: XmppServerOptions = {},
): void {
  for (const kind of KINDS) {
    describe(`${title}, on ${kind}`, () => {
      let server: XmppServer | undefined;
      before(async () => {
        server = await startXmppServer(kind, options);
      });
      after(async () => {
        await server?.remove();
      });
      tests(() => server!, kind);
    });
  }
}
