/** By whom gateways sign, asked at the URLs that resolvers send clients to: those on other databases are among them. */
import type { AnsweringGateway } from "../../admin/signerRotation.js";
import { firstAnswerOf, type Lookup } from "../../doctor/facts/lookup.js";
import { recoverAnswer, signedAnswerOf } from "../../doctor/facts/signedAnswer.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { encodeDnsName } from "../../ens/dnsName.js";
import { namehash } from "../../ens/namehash.js";
import { addr, resolve } from "../../ens/resolverFunctions.js";
import { isSignpostError } from "../../errors.js";
import { Deadline } from "../../fetch/deadline.js";
import type { Fetcher } from "../../fetch/fetcher.js";
import { callContract } from "../../lookup/ethCall.js";
import { askGateways, MOST_URLS } from "../../lookup/gatewayQuery.js";
import type { AskedResolver } from "./resolversAsked.js";
import { reasonOf } from "./servedChains.js";

const TIMEOUT_MS = 5_000;

/**
 * A gateway signs for all resolvers by the same key, so each is asked for one of them. Two URLs may lead to two gateways,
 * also behind one origin: one proxy may stand before several installations.
 */
export async function askGatewaysOf(
  asked: readonly AskedResolver[],
  fetcher: Fetcher,
): Promise<readonly AnsweringGateway[]> {
  const wasAsked = new Set<string>();
  const found: AnsweringGateway[] = [];
  for (const one of asked) {
    if (one.state === null) continue;
    const urls = one.state.urls.slice(0, MOST_URLS).filter((url) => {
      const template = templateOf(url, one.resolver);
      const isNew = !wasAsked.has(template);
      wasAsked.add(template);
      return isNew;
    });
    if (urls.length === 0) continue;
    const lookup = await lookupOf(one);
    found.push(
      ...(await Promise.all(
        urls.map(async (url) => ({
          origin: originOf(url),
          url: templateOf(url, one.resolver),
          ...(await ask(url, lookup, fetcher)),
        })),
      )),
    );
  }
  return found;
}

/** What the resolver tells clients to ask about its domain; or why it does not. */
async function lookupOf(resolver: AskedResolver): Promise<Lookup | string> {
  if (resolver.connection === null) return resolver.why;
  const { connection, domain } = resolver;
  const question = resolve.encodeInput(encodeDnsName(domain), addr.encodeInput(namehash(domain)));
  try {
    const answer = firstAnswerOf(
      await callContract(connection.chain(), parseAddress(resolver.resolver), question),
    );
    if (answer.kind === "lookup") return answer.lookup;
    return "the resolver did not say what to ask";
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE")) throw error;
    return reasonOf(error);
  }
}

type Found = Pick<AnsweringGateway, "signer" | "why">;

async function ask(url: string, lookup: Lookup | string, fetcher: Fetcher): Promise<Found> {
  if (typeof lookup === "string") return silent(lookup);
  try {
    const query = { ...lookup, urls: [url] };
    const { response } = await askGateways(query, fetcher, new Deadline(TIMEOUT_MS));
    const answer = signedAnswerOf(response);
    if (answer === null) return silent("its answer has another form");
    const { signer, fault } = recoverAnswer(answer, lookup.sender, lookup.callData);
    if (signer === null) return silent(fault);
    return { signer: checksumAddress(signer), why: null };
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE")) throw error;
    return silent(reasonOf(error));
  }
}

function silent(why: string): Found {
  return { signer: null, why };
}

/** Our contract has put its own address, in lower case, where it was given `{resolver}`. */
function templateOf(url: string, resolver: string): string {
  return url.replaceAll(resolver.toLowerCase(), "{resolver}");
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
