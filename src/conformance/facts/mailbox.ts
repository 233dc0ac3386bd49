/** The receiver's mailbox as the relay node shows it. */
import { type Exchange, isOk, membersOf } from "../exchange.js";
import type { Subject } from "../subject.js";

export interface Mailbox {
  readonly exchange: Exchange;
  /** Null where it is no list. */
  readonly envelopes: readonly unknown[] | null;
}

export interface Session {
  readonly name: string;
  readonly token: string;
}

export async function fetchMailbox({ ask }: Subject, { name, token }: Session): Promise<Mailbox> {
  const exchange = await ask({
    ...{ method: "GET", path: `/delivery/messages/incoming/${name}` },
    token,
  });
  const isList = isOk(exchange) && Array.isArray(exchange.json);
  return { exchange, envelopes: isList ? (exchange.json as readonly unknown[]) : null };
}

/** Those with this ciphertext. */
export function copiesIn({ envelopes }: Mailbox, message: string): readonly unknown[] {
  return (envelopes ?? []).filter((envelope) => membersOf(envelope)["message"] === message);
}

export interface Acknowledgement {
  readonly contactAddress: string;
  readonly messageHash: string;
}

export function acknowledge(
  { ask }: Subject,
  { name, token }: Session,
  acknowledgements: readonly Acknowledgement[],
  slash = "/",
): Promise<Exchange> {
  return ask({
    ...{ method: "POST", path: `/delivery/messages/${name}/syncAcknowledgements${slash}`, token },
    body: { acknowledgements },
  });
}
