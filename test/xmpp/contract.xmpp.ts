/** The suite that every network passes, on prosody and ejabberd. */
import { holdsTheNetworkContract } from "../messaging/networkContract.js";
import { KINDS } from "./bothServers.js";
import { openXmppScene } from "./contractScene.js";

for (const kind of KINDS) {
  holdsTheNetworkContract(`XMPP, on ${kind}`, () => openXmppScene(kind));
}
