/** The URL, as it is published, and whether dm3's clients can work with it. */
import { parseUrl } from "../../dm3/profile/secureUrl.js";
import { failed, type Finding, notApplicable, passed, warning } from "../../doctor/line.js";
import type { Check } from "../check.js";
import { isOk, told } from "../exchange.js";
import type { ReachFacts } from "../facts/reachFacts.js";
import { liveUrlOf } from "../liveUrl.js";

const urlForm: Check<ReachFacts> = {
  id: "url-form",
  examine({ givenUrl }) {
    const url = parseUrl(givenUrl);
    if (url === null) return failed("this is no URL", "Publish an absolute https: URL.");
    if (url.search !== "" || url.hash !== "") {
      return failed(
        "the URL has a query or a fragment, behind which no path can stand",
        "Publish the URL without it: clients put /rpc behind it.",
      );
    }
    return givenUrl.endsWith("/")
      ? warning(
          "the URL ends with a slash",
          "Publish it without: clients put /rpc behind it, and ask for //rpc.",
        )
      : passed("clients can put their paths behind it");
  },
};

/** How Node names what is wrong with a certificate. */
const CERTIFICATE = /\((?:[A-Z_]*(?:CERT|ISSUER|TLS|SSL)[A-Z_]*)\)/;

const tls: Check<ReachFacts> = {
  id: "tls",
  examine({ givenUrl, first }) {
    const { protocol, hostname } = parseUrl(givenUrl) ?? { protocol: "", hostname: "" };
    const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
    if (protocol !== "https:") {
      return isLocal
        ? passed("not encrypted, on this machine")
        : failed(
            "the URL is not https:",
            "Serve it with a certificate, and publish the https: URL.",
          );
    }
    if (first.kind === "answered") return passed("https:, with a certificate that counts here");
    return CERTIFICATE.test(first.reason)
      ? failed(
          `the certificate does not count: ${first.reason}`,
          "Get one for this host from an authority that browsers know, and serve it with the whole chain.",
        )
      : notApplicable("nobody answered, so there was no certificate to see");
  },
};

const reachable: Check<ReachFacts> = {
  id: "reachable",
  examine({ first }) {
    if (isOk(first)) return passed("the relay node answers at /rpc");
    return failed(
      `dm3_getDeliveryServiceProperties at /rpc: ${told(first)}`,
      "See that the URL is the base of a relay node, and that it can be reached from here: clients send nothing to a node that does not answer this.",
    );
  },
};

const liveAddress: Check<ReachFacts> = {
  id: "live-address",
  examine({ givenUrl }): Finding {
    const base = givenUrl.replace(/\/+$/, "");
    const url = parseUrl(base);
    const live = parseUrl(liveUrlOf(base));
    if (url === null || live?.origin !== url.origin) {
      return failed(
        "dm3's web client replaces the first /ds of the URL to find /socket.io/, which leads it elsewhere",
        "Take a host that does not begin with ds.",
      );
    }
    return live.pathname === "/"
      ? passed(`dm3's web client listens at ${url.origin}/socket.io/`)
      : warning(
          `dm3's web client takes the path ${live.pathname} for a namespace of socket.io`,
          "Publish the URL with the path /ds, or without a path.",
        );
  },
};

export const REACH_CHECKS: readonly Check<ReachFacts>[] = [urlForm, tls, reachable, liveAddress];
