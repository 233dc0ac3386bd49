/** Whether pages in browsers may ask the gateway (CORS; ENSIP-22 demands it). */
import { isSignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import { shortReason } from "../../fetch/serversAsked.js";
import { gatewayRequest } from "../../lookup/gatewayQuery.js";
import type { HttpAnswer } from "../../net/guardedFetch.js";
import type { GatewayCheck } from "../check.js";
import { answeredExchange, ORIGIN } from "../facts/gatewayExchange.js";
import { failed, notApplicable, passed } from "../line.js";
import { patienceMs } from "../patient.js";

const corsPreflight: GatewayCheck = {
  id: "cors-preflight",
  title: "the CORS preflight",
  needs: ["gateway-answer"],
  async examine(patient, url) {
    const { lookup, method } = await answeredExchange(patient, url);
    if (method === "GET") return notApplicable("a GET needs no preflight");
    const advice =
      "Answer OPTIONS with 204, access-control-allow-origin: * and access-control-allow-headers: content-type.";
    const { url: expanded } = gatewayRequest(url, lookup, 1);
    let answer: HttpAnswer;
    try {
      answer = await patient.exchange({
        url: expanded,
        method: "OPTIONS",
        headers: {
          origin: ORIGIN,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type",
        },
        maxBytes: 65_536,
        timeoutMs: patienceMs(patient),
      });
    } catch (error) {
      if (!isSignpostError(error, "UNREACHABLE", "FORBIDDEN_ADDRESS", "TOO_LARGE")) throw error;
      return failed(`OPTIONS is not answered: ${foreignText(shortReason(error))}`, advice);
    }
    const missing = [
      ...(answer.status >= 200 && answer.status < 300
        ? []
        : [`HTTP ${answer.status} instead of 2xx`]),
      ...(allowsOrigin(answer) ? [] : ["no access-control-allow-origin for every page"]),
      ...(allowsContentType(answer) ? [] : ["content-type not in access-control-allow-headers"]),
    ];
    return missing.length === 0
      ? passed("any page may POST JSON")
      : failed(
          `browsers refuse to POST: the preflight is answered with ${missing.join(", ")}`,
          advice,
        );
  },
};

const corsHeader: GatewayCheck = {
  id: "cors-header",
  title: "the CORS header",
  needs: ["gateway-answer"],
  async examine(patient, url) {
    const { http } = await answeredExchange(patient, url);
    return allowsOrigin(http)
      ? passed("any page may read answers")
      : failed(
          `browsers hide the answer: its access-control-allow-origin is ${foreignText(http.headers.get("access-control-allow-origin") ?? "missing")}`,
          "Send access-control-allow-origin: * with every answer, errors too.",
        );
  },
};

function allowsOrigin({ headers }: HttpAnswer): boolean {
  const allowed = headers.get("access-control-allow-origin");
  return allowed === "*" || allowed === ORIGIN;
}

function allowsContentType({ headers }: HttpAnswer): boolean {
  const allowed = headers.get("access-control-allow-headers") ?? "";
  return allowed
    .split(",")
    .some((name) => ["*", "content-type"].includes(name.trim().toLowerCase()));
}

export const CORS_CHECKS: readonly GatewayCheck[] = [corsPreflight, corsHeader];
