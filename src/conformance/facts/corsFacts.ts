/** What browsers ask before they let a page ask, and what they look for in answers. */
import type { Exchange } from "../exchange.js";
import { ORIGIN, type Subject } from "../subject.js";
import { nobody } from "./rpcFacts.js";

export interface CorsFacts {
  readonly answer: Exchange;
  /** The answer to a request that is refused. */
  readonly refusal: Exchange;
  /** Before a POST of JSON to /rpc, with a token as clients send it. */
  readonly rpcPreflight: Exchange;
  /** Before a mailbox is fetched. */
  readonly mailboxPreflight: Exchange;
}

export async function corsFacts({ ask, call }: Subject): Promise<CorsFacts> {
  const incoming = `/delivery/messages/incoming/${nobody()}`;
  const preflight = (path: string, method: string, headers: string) =>
    ask({
      ...{ method: "OPTIONS", path },
      headers: {
        ...{ origin: ORIGIN, "access-control-request-method": method },
        "access-control-request-headers": headers,
      },
    });
  return {
    answer: await call("dm3_getDeliveryServiceProperties"),
    refusal: await ask({ method: "GET", path: incoming }),
    rpcPreflight: await preflight("/rpc", "POST", "authorization,content-type"),
    mailboxPreflight: await preflight(incoming, "GET", "authorization"),
  };
}
