/** What a wallet signs to sign in to a domain; each is another request, since each opens one session. */
import { nowSec, type Wish } from "./signedRequests.js";

let count = 0;

export function sessionWish(domain: string, scopes: readonly string[] = ["names:read"]): Wish {
  return {
    ...({ action: "openSession", domain, name: domain, sequence: 0 } as const),
    content: { scopes },
    deadline: nowSec() + 300 + (count++ % 500),
  };
}
