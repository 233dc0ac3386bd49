/** How a gateway behaves beyond one honest question: its clock, other resolvers, many at once, its speed. */
import { sameBytes } from "../../abi/bytes.js";
import { toHex } from "../../abi/hex.js";
import { parseAddress } from "../../ens/address.js";
import { addressReach } from "../../fetch/publicAddress.js";
import type { GatewayCheck } from "../check.js";
import { signatureOf } from "../facts/acceptance.js";
import {
  addressExchange,
  answeredExchange,
  askGateway,
  type GatewayExchange,
} from "../facts/gatewayExchange.js";
import { addressLookup } from "../facts/lookup.js";
import { resolverOf } from "../facts/namedResolver.js";
import { recoverAnswer, type SignedAnswer, signedAnswerOf } from "../facts/signedAnswer.js";
import { failed, notApplicable, passed, warning } from "../line.js";
import { judgeLatency, LATENCY_SAMPLES, type LatencySample } from "./latency.js";

const MOST_CLOCK_SKEW_SEC = 30;

const gatewayClock: GatewayCheck = {
  id: "gateway-clock",
  title: "the gateway's clock",
  needs: ["gateway-answer"],
  async examine(patient, url) {
    const { http, receivedAtMs } = await answeredExchange(patient, url);
    const dateMs = Date.parse(http.headers.get("date") ?? "");
    if (Number.isNaN(dateMs)) return notApplicable("the answer has no Date header");
    const aheadSec = Math.round((dateMs - receivedAtMs) / 1000);
    const seen = `${Math.abs(aheadSec)} s ${aheadSec > 0 ? "ahead of" : "behind"} this machine's clock`;
    return Math.abs(aheadSec) <= MOST_CLOCK_SKEW_SEC
      ? passed(seen)
      : warning(seen, "Set the gateway's clock by NTP: answers expire by the chain's time.");
  },
};

/** No resolver has this address: nobody knows its key. */
const STRANGER = parseAddress(`0x${"d0c7".repeat(10)}`);

const gatewayOracle: GatewayCheck = {
  id: "gateway-oracle",
  title: "signing for other resolvers",
  needs: ["gateway-answer", "answer-signer"],
  async examine(patient, url) {
    const { lookup } = await answeredExchange(patient, url);
    const own = await signatureOf(patient, url);
    if (!own?.recovered.signer) return notApplicable("its answers are not in the ecosystem's form");
    const { address } = await resolverOf(patient);
    const stranger = { sender: STRANGER, callData: lookup.callData };
    const resolverInUrl = new RegExp(toHex(address), "gi");
    const otherUrl = url.replace(resolverInUrl, toHex(STRANGER));
    const attempts = [
      { template: url, where: "for whatever {sender} a client names" },
      ...(otherUrl === url ? [] : [{ template: otherUrl, where: "for any resolver in its path" }]),
    ];
    const seen: string[] = [];
    let isRefused = true;
    for (const { template, where } of attempts) {
      const exchange = await askGateway(patient, template, stranger);
      const answer = answerIn(exchange);
      const signer = answer && recoverAnswer(answer, STRANGER, lookup.callData).signer;
      if (signer && sameBytes(signer, own.recovered.signer)) {
        return warning(
          `the gateway signs ${where}`,
          "A resolver of anybody that trusts this key can use it. Put chain and resolver into the URL, allow-list them, ignore {sender}.",
        );
      }
      // what a gateway that is down or busy would sign is not known
      isRefused &&= answer !== null || isRefusal(exchange);
      const status = exchange.kind === "answered" ? `HTTP ${exchange.http.status}` : "no answer";
      seen.push(
        `${template === url ? "another {sender}" : "another resolver in the path"}: ${status}`,
      );
    }
    const all = seen.join("; ");
    return isRefused
      ? passed(`signs for this resolver only (${all})`)
      : notApplicable(`not known: ${all}`);
  },
};

function answerIn(exchange: GatewayExchange): SignedAnswer | null {
  if (exchange.kind !== "answered" || exchange.response === null) return null;
  return signedAnswerOf(exchange.response);
}

const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;

function isRefusal(exchange: GatewayExchange): boolean {
  if (exchange.kind !== "answered") return false;
  const { status } = exchange.http;
  const isOfMoment = status === REQUEST_TIMEOUT || status === TOO_MANY_REQUESTS;
  return status >= 400 && status < 500 && !isOfMoment;
}

const BURST = 20;

const gatewayBurst: GatewayCheck = {
  id: "gateway-burst",
  title: "20 requests at once",
  needs: ["gateway-answer"],
  async examine(patient, url) {
    if (!patient.burst) return notApplicable("made with --burst only");
    if (!isLoopback(url)) return notApplicable("made on gateways of this machine only");
    const { lookup } = await answeredExchange(patient, url);
    const exchanges = await Promise.all(
      Array.from({ length: BURST }, () => askGateway(patient, url, lookup)),
    );
    const statuses = exchanges.map((exchange) =>
      exchange.kind === "answered" ? exchange.http.status : 0,
    );
    const limited = statuses.filter((status) => status === 429).length;
    if (limited > 0) {
      return failed(
        `${limited} of ${BURST} requests are answered HTTP 429`,
        "Never limit lookups by 429: clients stop, and show that the name does not exist. Answer 503.",
      );
    }
    const answered = statuses.filter((status) => status === 200).length;
    return answered === BURST
      ? passed(`all ${BURST} requests are answered`)
      : warning(
          `only ${answered} of ${BURST} requests are answered`,
          "Give the gateway more room.",
        );
  },
};

function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";
  return host === "localhost" || addressReach(host) === "loopback";
}

const latency: GatewayCheck = {
  id: "latency",
  title: "the time that answers take",
  needs: ["gateway-answer"],
  async examine(patient, url) {
    const lookup = await addressLookup(patient);
    const samples: LatencySample[] = [];
    let exchange = await addressExchange(patient, url);
    let spentMs = 0;
    while (lookup !== null) {
      const durationMs = exchange.kind === "answered" ? exchange.durationMs : null;
      samples.push(durationMs);
      spentMs += durationMs ?? 0;
      // a gateway that is this slow shows it in fewer samples
      if (samples.length === LATENCY_SAMPLES || durationMs === null || spentMs > 3000) break;
      exchange = await askGateway(patient, url, lookup);
    }
    return judgeLatency(samples);
  },
};

export const CONDUCT_CHECKS: readonly GatewayCheck[] = [
  gatewayClock,
  gatewayOracle,
  gatewayBurst,
  latency,
];
