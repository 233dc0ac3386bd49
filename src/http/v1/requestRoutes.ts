/** What wallets do by themselves: signed requests, for which nobody needs an API key. */
import { toHex } from "../../abi/hex.js";
import { historyPageSchema, historyQuery } from "../../api/history.js";
import { nextRequestSchema } from "../../api/nextRequest.js";
import { requestOutcomeSchema } from "../../api/outcome.js";
import { checksumAddress } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { namehash } from "../../ens/namehash.js";
import { encodeDnsName } from "../../ens/dnsName.js";
import { assertNormalized } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import { changeName } from "../../registry/changeName.js";
import {
  assertReadsHistory,
  operationOf,
  verifySignedRequest,
} from "../../registry/signedRequest.js";
import { signedRequestSchema } from "../../request/signedRequestSchema.js";
import { readHistory } from "./historyPage.js";
import { describeOutcome } from "./outcome.js";
import { nameParameter } from "./parseInput.js";
import { setEtag } from "./preconditions.js";
import { open } from "./route.js";

export const requestRoutes = [
  open({
    method: "get",
    path: "/requests/:name",
    scope: null,
    summary: "What the next signed request for a name has to hold: sequence, domain, resolvers",
    answers: { 200: nextRequestSchema },
    run: async ({ registry: { names, domains }, request, response }) => {
      const name = nameParameter(request);
      assertNormalized(name);
      encodeDnsName(name);
      const domain = await domains.domainHolding(name);
      if (!domain) {
        throw new SignpostError(
          "UNKNOWN_DOMAIN",
          `The name ${name} lies under no domain that is served here.`,
          { name },
        );
      }
      const node = namehash(name);
      const stored = await names.nameOf(node);
      const owner = stored?.addresses.get(COIN_TYPE_ETH);
      response.json({
        name,
        domain: domain.name,
        owner: owner ? checksumAddress(owner) : null,
        held: stored?.held ?? false,
        suspended: Boolean(stored?.suspension),
        sequence: (await names.sequenceOf(node)) + 1,
        resolvers: (await domains.resolversOf(domain.name)).map(({ chainId, resolver }) => ({
          chainId: chainId.toString(),
          resolver: toHex(resolver),
        })),
      });
    },
  }),
  open({
    method: "post",
    path: "/requests",
    scope: null,
    summary:
      "A wallet's signed request: claim, publishProfile, deleteProfile, setRecords, move, delete",
    body: { schema: signedRequestSchema, limit: "1mb" },
    answers: { 200: requestOutcomeSchema, 201: requestOutcomeSchema },
    run: async ({ registry, nowMs, body, response }) => {
      const verified = await verifySignedRequest(registry.domains, body);
      const { request, authority } = verified;
      const { name, domain, sequence } = request;
      const operations = [operationOf(verified)];
      const outcome = await changeName(registry, { domain, name, operations, authority }, nowMs);
      setEtag(response, outcome.version);
      const described = { ...describeOutcome(name, outcome), sequence };
      response.status(described.outcome === "created" ? 201 : 200).json(described);
    },
  }),
  open({
    method: "post",
    path: "/histories",
    scope: null,
    summary: "The history of a name for its owner: a signed readHistory",
    body: { schema: signedRequestSchema, limit: "32kb" },
    query: historyQuery,
    answers: { 200: historyPageSchema },
    run: async ({ registry, nowMs, body, query, response }) => {
      const verified = await verifySignedRequest(registry.domains, body);
      const { name } = verified.request;
      assertReadsHistory(verified, await registry.names.nameOf(namehash(name)), nowMs());
      response.json(await readHistory(registry.names, name, query));
    },
  }),
];
