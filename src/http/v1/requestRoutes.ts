/** What wallets do by themselves: signed requests, for which nobody needs an API key. */
import { type Hex, toHex } from "../../abi/hex.js";
import { checksumAddress } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import { assertNormalName } from "../../ens/normalName.js";
import { SignpostError } from "../../errors.js";
import { changeName } from "../../registry/changes/changeName.js";
import { ownerOf } from "../../registry/names/nameOwner.js";
import { assertCurrent, assertInTime } from "../../registry/names/requestTime.js";
import { askedOnlyIf, type ContractWallets } from "../../registry/signed/contractWallets.js";
import {
  actionOf,
  assertReadsHistory,
  verifySignedRequest,
} from "../../registry/signed/signedRequest.js";
import { historyPageSchema } from "../../wire/history.js";
import { historyQuery } from "../../wire/historyQuery.js";
import { nextRequestSchema } from "../../wire/nextRequest.js";
import { requestOutcomeSchema } from "../../wire/outcome.js";
import type { SignedRequestBody } from "../../wire/signedRequest.js";
import { signedRequestSchema } from "../../wire/signedRequestSchema.js";
import { readHistory } from "./historyPage.js";
import { nameParameter } from "./nameParameter.js";
import { describeOutcome } from "./outcome.js";
import { setEtag } from "./preconditions.js";
import { DATABASE_REFUSALS, PROFILE_REFUSALS, SIGNATURE_REFUSALS } from "./refusals.js";
import { type Call, open } from "./route.js";

export const requestRoutes = [
  open({
    method: "get",
    path: "/requests/:name",
    scope: null,
    summary: "What the next signed request for a name has to hold: sequence, domain, resolvers",
    answers: { 200: nextRequestSchema },
    refusals: [...DATABASE_REFUSALS, "INVALID_NAME", "UNKNOWN_DOMAIN"],
    run: async ({ registry: { names, domains }, nowMs, request, response }) => {
      const name = nameParameter(request);
      assertNormalName(name);
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
    body: { schema: signedRequestSchema, limit: "1mb" },
    answers: { 200: requestOutcomeSchema, 201: requestOutcomeSchema },
    answersETag: true,
    refusals: [
      ...SIGNATURE_REFUSALS,
      ...PROFILE_REFUSALS,
      "NAME_SUSPENDED",
      "NOT_FOUND",
      "POLICY_FORBIDS",
      "WRONG_SEQUENCE",
    ],
    run: async (call) => {
      const { registry, nowMs, body, response } = call;
      const verified = await verifySignedRequest(registry.domains, body, walletsFor(call));
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
    body: { schema: signedRequestSchema, limit: "32kb" },
    query: historyQuery,
    answers: { 200: historyPageSchema },
    refusals: SIGNATURE_REFUSALS,
    run: async (call) => {
      const { registry, nowMs, body, query, response } = call;
      const verified = await verifySignedRequest(registry.domains, body, walletsFor(call));
      const { name } = verified.request;
      const node = namehash(name);
      const [stored, signatureState] = [
        await registry.names.nameOf(node),
        await registry.names.signatureStateOf(node),
      ];
      assertReadsHistory(verified, stored, signatureState, nowMs());
      response.json(await readHistory(registry.names, name, query));
    },
  }),
];

/** An old request never reaches a chain. The rules decide the same once more, under the lock of the name. */
function walletsFor({
  registry,
  contractWallets,
  nowMs,
  body,
}: Call<SignedRequestBody, unknown>): ContractWallets {
  const request = { ...body.request, contentHash: body.request.contentHash as Hex };
  return askedOnlyIf(contractWallets, async () => {
    assertInTime(request, nowMs());
    if (request.action === "readHistory") return;
    const { name } = request;
    const { sequence } = await registry.names.signatureStateOf(namehash(name));
    assertCurrent(request, { name, sequence, nowMs: nowMs() });
  });
}
