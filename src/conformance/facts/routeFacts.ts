/** The routes of mailboxes, as a stranger finds them. */
import type { Exchange } from "../exchange.js";
import type { Subject } from "../subject.js";
import { type Malformed, nobody } from "./rpcFacts.js";

export interface RouteFacts {
  readonly profileOfNobody: Exchange;
  readonly challengeOfNobody: Exchange;
  readonly fetchWithoutToken: Exchange;
  readonly fetchWithBadToken: Exchange;
  readonly fetchWithSlash: Exchange;
  readonly acknowledgeWithoutToken: Exchange;
  readonly acknowledgeWithSlash: Exchange;
  readonly malformed: readonly Malformed[];
}

export async function routeFacts({ ask }: Subject): Promise<RouteFacts> {
  const name = nobody();
  const incoming = `/delivery/messages/incoming/${name}`;
  const acknowledging = `/delivery/messages/${name}/syncAcknowledgements`;
  const get = (path: string, token?: string) =>
    ask({ method: "GET", path, ...(token !== undefined && { token }) });
  const post = (path: string, body: unknown) => ask({ method: "POST", path, body });

  const malformed: Malformed[] = [];
  for (const [what, question] of Object.entries(malformedQuestions(name))) {
    malformed.push({ what, exchange: await ask(question) });
  }
  return {
    malformed,
    profileOfNobody: await get(`/profile/${name}`),
    challengeOfNobody: await get(`/auth/${name}`),
    fetchWithoutToken: await get(incoming),
    fetchWithBadToken: await get(incoming, "not.a.token"),
    fetchWithSlash: await get(`${incoming}/`),
    acknowledgeWithoutToken: await post(acknowledging, { acknowledgements: [] }),
    acknowledgeWithSlash: await post(`${acknowledging}/`, { acknowledgements: [] }),
  };
}

type Asked = Parameters<Subject["ask"]>[0];

const malformedQuestions = (name: string): Readonly<Record<string, Asked>> => ({
  "a sign-up of nothing": { method: "POST", path: `/profile/${name}`, body: {} },
  "a sign-up of null": { method: "POST", path: `/profile/${name}`, body: "null" },
  "a sign-up of no JSON": { method: "POST", path: `/profile/${name}`, body: "{" },
  "a sign-in of nothing": { method: "POST", path: `/auth/${name}`, body: {} },
  "a sign-in of numbers": {
    ...{ method: "POST", path: `/auth/${name}` },
    body: { signature: 7, challenge: 7 },
  },
  "acknowledgements that are no list": {
    ...{ method: "POST", path: `/delivery/messages/${name}/syncAcknowledgements` },
    body: { acknowledgements: 7 },
  },
  "a name with a null": { method: "GET", path: "/profile/a%00b.eth" },
  "a name that is badly escaped": { method: "GET", path: "/profile/%E0%A4%A" },
  "a name of 2,000 letters": { method: "GET", path: `/profile/${"a".repeat(2_000)}.eth` },
  "a name that is not normal": { method: "GET", path: "/profile/a..eth" },
});
