/** What wallets do by themselves: signed requests, for which nobody needs an API key. */
import { toHex } from "../../abi/hex.js";
import { checksumAddress } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import { assertNormalName } from "../../ens/normalName.js";
import { changeName } from "../../registry/changes/changeName.js";
import { noDomainHolds } from "../../registry/domains/nameOfAlias.js";
import { ownerOf } from "../../registry/names/nameOwner.js";
import { askedIfAllowed } from "../../registry/signed/askedIfAllowed.js";
import {
  actionOf,
  assertReadsHistory,
  verifySignedRequest,
} from "../../registry/signed/signedRequest.js";
import { historyPageSchema } from "../../wire/history.js";
import { historyQuery } from "../../wire/historyQuery.js";
import { nextRequestSchema } from "../../wire/nextRequest.js";
import { requestOutcomeSchema } from "../../wire/outcome.js";
import { signedRequestSchema } from "../../wire/signedRequestSchema.js";
import { sendHistory } from "./historyPage.js";
import { nameParameter } from "./nameParameter.js";
import { describeOutcome } from "./outcome.js";
import { setEtag } from "./preconditions.js";
import { DATABASE_REFUSALS, SIGNATURE_REFUSALS } from "./refusals.js";
import { open } from "./route.js";

export const requestRoutes = [
  open({
    method: "get",
    path: "/requests/:name",
    scope: null,
    isOfWriting: true,
    summary: "What the next signed request for a name has to hold: sequence, domain, resolvers",
    answers: { 200: nextRequestSchema },
    refusals: [...DATABASE_REFUSALS, "INVALID_NAME", "UNKNOWN_DOMAIN"],
    run: async ({ registry: { names, domains }, nowMs, request, response }) => {
      const name = nameParameter(request);
      assertNormalName(name);
      const domain = await domains.domainHolding(name);
      if (!domain) throw noDomainHolds(await domains.aliases(), name);
      const node = namehash(name);
      const stored = await names.nameOf(node);
      const owner = stored && ownerOf(stored);
      response.json({
        name,
        domain: domain.name,
        owner: owner ? checksumAddress(owner) : null,
        held: stored?.held ?? false,
        suspended: Boolean(stored?.suspension),
        sequence: (await names.signatureStateOf(node)).sequence + 1,
        resolvers: (await domains.resolversOf(domain.name)).map(({ chainId, resolver }) => ({
          chainId: chainId.toString(),
          resolver: toHex(resolver),
        })),
        nowSec: Math.floor(nowMs() / 1000),
      });
    },
  }),
  open({
    method: "post",
    path: "/requests",
    scope: null,
    summary:
      "A wallet's signed request: claim, publishProfile, deleteProfile, setRecords, move, delete",
    body: { schema: signedRequestSchema, mostBytes: 1024 * 1024 },
    answers: { 200: requestOutcomeSchema, 201: requestOutcomeSchema },
    answersETag: true,
    refusals: [
      ...SIGNATURE_REFUSALS,
      // not SUPERSEDED_PROFILE: a request has a sequence, so an old profile in it is a new wish
      "INVALID_PROFILE",
      "NAME_TAKEN",
      "NAME_RESERVED",
      "NAME_SUSPENDED",
      "DOMAIN_FROZEN",
      "NOT_FOUND",
      "POLICY_FORBIDS",
      "WRONG_SEQUENCE",
    ],
    run: async ({ registry, contractWallets, nowMs, body, response }) => {
      const wallets = askedIfAllowed(registry, contractWallets, body, nowMs);
      const verified = await verifySignedRequest(registry.domains, body, wallets);
      const { request, authority } = verified;
      const { name, domain, sequence } = request;
      const actions = [await actionOf(verified)];
      const outcome = await changeName(registry, { domain, name, actions, authority }, nowMs);
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
    body: { schema: signedRequestSchema, mostBytes: 32 * 1024 },
    query: historyQuery,
    sendsPage: true,
    answers: { 200: historyPageSchema },
    refusals: SIGNATURE_REFUSALS,
    run: async ({ registry, contractWallets, shares, nowMs, body, query, response }) => {
      const wallets = askedIfAllowed(registry, contractWallets, body, nowMs);
      const verified = await verifySignedRequest(registry.domains, body, wallets);
      const { name } = verified.request;
      const node = namehash(name);
      const [stored, signatureState] = [
        await registry.names.nameOf(node),
        await registry.names.signatureStateOf(node),
      ];
      assertReadsHistory(verified, stored, signatureState, nowMs());
      await sendHistory(response, registry.names, name, query, shares.pause);
    },
  }),
];
