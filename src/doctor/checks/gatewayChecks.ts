/** Whether a gateway URL can be reached, and answers as clients need it. */
import { isSignpostError, SignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import { shortReason } from "../../fetch/serversAsked.js";
import { guardUrl } from "../../fetch/urlGuard.js";
import { gatewayRequest } from "../../lookup/gatewayQuery.js";
import type { GatewayCheck } from "../check.js";
import { addressExchange, answeredExchange } from "../facts/gatewayExchange.js";
import { addressLookup } from "../facts/lookup.js";
import { failed, type Finding, passed, warning } from "../line.js";
import type { Patient } from "../patient.js";

const urlTemplate: GatewayCheck = {
  id: "url-template",
  title: "the URL",
  needs: ["lookup-form"],
  async examine(patient, url) {
    const unknown = (url.match(/\{[^}]*\}?/g) ?? []).filter(
      (place) => place !== "{sender}" && place !== "{data}",
    );
    if (unknown.length > 0) {
      return failed(
        `the template has ${foreignText(unknown.join(", "))}, which no client fills in`,
        "ERC-3668 knows {sender} and {data} only, in lower case. Correct the URL.",
      );
    }
    const refusal = await whyNotFetched(patient, url);
    if (refusal !== null) return refusal;
    const twice = ["{sender}", "{data}"].filter((place) => url.split(place).length > 2);
    return twice.length > 0
      ? warning(
          `${twice.join(" and ")} comes twice, and ethers and viem fill in the first one only`,
          "Use each placeholder once.",
        )
      : passed(url.includes("{data}") ? "a GET template" : "a POST template");
  },
};

async function whyNotFetched(patient: Patient, url: string): Promise<Finding | null> {
  const lookup = await addressLookup(patient);
  if (lookup === null) throw new SignpostError("INTERNAL", "There is no lookup to look at.");
  try {
    guardUrl(gatewayRequest(url, lookup, 1).url, { allowLoopback: patient.allowLoopback });
    return null;
  } catch (error) {
    if (!isSignpostError(error, "FORBIDDEN_ADDRESS")) throw error;
    return failed(
      foreignText(`clients do not fetch from this URL: ${shortReason(error)}`),
      "Publish an https: URL on a public host. For a gateway on this machine, add --allow-loopback.",
    );
  }
}

const gatewayReachable: GatewayCheck = {
  id: "gateway-reachable",
  title: "the gateway",
  needs: ["url-template", "request-chain"],
  async examine(patient, url) {
    const exchange = await addressExchange(patient, url);
    return exchange.kind === "answered"
      ? passed(`${exchange.method} is answered with HTTP ${exchange.http.status}`)
      : failed(
          `the gateway cannot be reached: ${exchange.reason}`,
          "Start it, and check host name, port, certificate and firewall; or take its URL off the resolver.",
        );
  },
};

const gatewayAnswer: GatewayCheck = {
  id: "gateway-answer",
  title: "the gateway's answer",
  needs: ["gateway-reachable"],
  async examine(patient, url) {
    const exchange = await addressExchange(patient, url);
    if (exchange.kind === "unreachable") {
      throw new SignpostError("INTERNAL", "There is no answer to look at.");
    }
    if (exchange.response !== null) {
      return passed(`{"data": "0x..."} with ${exchange.response.length} bytes`);
    }
    const { status } = exchange.http;
    const said = exchange.message === "" ? "" : `: ${exchange.message}`;
    if (status >= 200 && status < 300) {
      return failed(
        'the answer is not JSON of the form {"data": "0x..."}',
        "Answer as ERC-3668 has it.",
      );
    }
    return failed(`the gateway answers HTTP ${status}${said}`, adviceFor(status));
  },
};

function adviceFor(status: number): string {
  if (status >= 500) return "The gateway fails; clients take the next URL. Read its log.";
  if (status === 429) {
    return "Never limit lookups by 429: clients stop, and show that the name does not exist. Answer 503.";
  }
  return (
    "Clients stop at 4xx and ask no other URL. If this resolver or domain is not served, correct the URL or add it " +
    "(`signpost domain add`); if the record is absent, answer 200 with a signed empty value."
  );
}

const contentType: GatewayCheck = {
  id: "content-type",
  title: "the content type",
  needs: ["gateway-answer"],
  async examine(patient, url) {
    const { http } = await answeredExchange(patient, url);
    const type = http.headers.get("content-type") ?? "none";
    return type.toLowerCase().startsWith("application/json")
      ? passed(foreignText(type))
      : failed(
          `the answer's content type is ${foreignText(type)}`,
          "Send application/json: viem does not read the answer otherwise.",
        );
  },
};

export const GATEWAY_CHECKS: readonly GatewayCheck[] = [
  urlTemplate,
  gatewayReachable,
  gatewayAnswer,
  contentType,
];
