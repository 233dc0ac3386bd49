/** The gateway's greeting, for whoever has no profile yet: that needs the name of the gateway's relay node. */
import type { XmppConnection } from "./connection.js";
import { type Greeting, greeting } from "./gateway.js";
import { jidsOf } from "./jid.js";
import { createQuestions } from "./questions.js";

export interface GatewayAsked {
  /** Online. */
  readonly connection: XmppConnection;
  /** The messaging gateway's host: `dm3.chat.example`. */
  readonly gateway: string;
  /** The user's account, without a resource: `bob@chat.example`. */
  readonly address: string;
  /** How long the answer is waited for, in milliseconds. Default: 30,000. */
  readonly answerMs?: number | undefined;
}

let asked = 0;

/** @throws UNREACHABLE; GATEWAY_REFUSED where there is no gateway; INVALID_REQUEST for what is no address */
export async function askXmppGateway(given: GatewayAsked): Promise<Greeting> {
  const { connection, answerMs = 30_000 } = given;
  const jids = jidsOf(given.address, given.gateway);
  // answers are told by who sends them as well, so that a number is enough
  const freshId = () => `dm3-greeting-${++asked}`;
  const questions = createQuestions({ connection, jids, answerMs, freshId });
  const stopListening = connection.listen({
    stanza: (stanza) => void questions.take(stanza),
    online: () => undefined,
    offline: () => {
      questions.lost();
    },
  });
  try {
    return await greeting(questions, jids);
  } finally {
    stopListening();
  }
}
