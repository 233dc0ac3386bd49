/** Whether pages in browsers can use the relay node. dm3's client is a page. */
import { failed, type Finding, passed } from "../../doctor/line.js";
import type { Check } from "../check.js";
import { type Exchange, isOk, told } from "../exchange.js";
import type { CorsFacts } from "../facts/corsFacts.js";
import { ORIGIN } from "../subject.js";

function allowsEveryPage(exchange: Exchange): boolean {
  if (exchange.kind === "unanswered") return false;
  return ["*", ORIGIN].includes(exchange.headers.get("access-control-allow-origin") ?? "");
}

function mayBeRead(exchange: Exchange, advice: string): Finding {
  if (allowsEveryPage(exchange)) return passed("any page may read it");
  return failed(
    `browsers hide it: access-control-allow-origin is missing (${told(exchange)})`,
    advice,
  );
}

const header: Check<CorsFacts> = {
  id: "cors-answers",
  examine: ({ answer }) => mayBeRead(answer, "Send access-control-allow-origin: *."),
};

const refusals: Check<CorsFacts> = {
  id: "cors-refusals",
  examine: ({ refusal }) =>
    mayBeRead(
      refusal,
      "Send access-control-allow-origin: * with refusals too: otherwise clients cannot tell 401 from an outage.",
    ),
};

function preflight(exchange: Exchange, method: string, needed: readonly string[]): Finding {
  const advice = `Answer OPTIONS with 204, access-control-allow-origin: *, access-control-allow-methods with ${method} and access-control-allow-headers: ${needed.join(", ")}.`;
  if (!isOk(exchange)) return failed(`OPTIONS: ${told(exchange)}`, advice);
  const { headers } = exchange;
  const listed = (headers.get("access-control-allow-headers") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase());
  // "*" does not stand for authorization (Fetch, section 3.2.3)
  const missing = needed.filter(
    (name) => !listed.includes(name) && (name === "authorization" || !listed.includes("*")),
  );
  if (!allowsEveryPage(exchange)) missing.push("an origin for every page");
  return missing.length === 0
    ? passed(`any page may ask with ${needed.join(" and ")}`)
    : failed(`the preflight does not allow ${missing.join(", ")}`, advice);
}

const rpcPreflight: Check<CorsFacts> = {
  id: "preflight-rpc",
  examine: ({ rpcPreflight: exchange }) =>
    preflight(exchange, "POST", ["content-type", "authorization"]),
};

const mailboxPreflight: Check<CorsFacts> = {
  id: "preflight-mailbox",
  examine: ({ mailboxPreflight: exchange }) => preflight(exchange, "GET", ["authorization"]),
};

export const CORS_CHECKS: readonly Check<CorsFacts>[] = [
  ...[header, refusals],
  ...[rpcPreflight, mailboxPreflight],
];
