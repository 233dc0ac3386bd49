/** What DM3 keys signed for a name: relay nodes, messaging gateways and bridges, certificates. */
import { z } from "zod";
import { CERTIFICATE_SCHEMES, type CertificateScheme } from "../../dm3/statement/certificate.js";
import { SignpostError } from "../../errors.js";
import {
  certificateAction,
  networkAction,
  relayNodeAction,
} from "../../registry/names/verifiedActions.js";
import { outcomeSchema } from "../../wire/outcome.js";
import { nameParameter } from "./nameParameter.js";
import { describeOutcome } from "./outcome.js";
import { CONTENT_REFUSALS } from "./refusals.js";
import { keyed } from "./route.js";
import { changeAsService } from "./serviceChange.js";

const STATEMENT_REFUSALS = ["INVALID_PROFILE", "WRONG_SIGNER", "SUPERSEDED_STATEMENT"] as const;

export const statementRoutes = [
  keyed({
    method: "put",
    path: "/relay-nodes/:name",
    scope: "names:write",
    isConditional: true,
    summary: "Register a relay node: a DeliveryServiceProfile, and its proof beside the fields",
    body: { schema: z.unknown(), mostBytes: 32 * 1024 },
    answers: { 200: outcomeSchema },
    refusals: [...CONTENT_REFUSALS, ...STATEMENT_REFUSALS],
    run: async (call) => {
      const outcome = await changeAsService(call, [
        relayNodeAction(nameParameter(call.request), call.body),
      ]);
      call.response.json(describeOutcome(nameParameter(call.request), outcome));
    },
  }),
  keyed({
    method: "delete",
    path: "/relay-nodes/:name",
    scope: "names:write",
    isConditional: true,
    summary: "Take a relay node away",
    answers: { 204: null },
    refusals: [...CONTENT_REFUSALS, "NOT_FOUND"],
    run: async (call) => {
      await changeAsService(call, [{ kind: "removeRelayNode" }]);
      call.response.status(204).end();
    },
  }),
  keyed({
    method: "put",
    path: "/networks/:name",
    scope: "names:write",
    isConditional: true,
    summary:
      "Register a messaging gateway or a bridge: a network record that its relay nodes signed",
    body: { schema: z.unknown(), mostBytes: 32 * 1024 },
    answers: { 200: outcomeSchema },
    refusals: [...CONTENT_REFUSALS, ...STATEMENT_REFUSALS],
    run: async (call) => {
      const action = networkAction(nameParameter(call.request), call.body);
      const outcome = await changeAsService(call, [action]);
      call.response.json(describeOutcome(nameParameter(call.request), outcome));
    },
  }),
  keyed({
    method: "delete",
    path: "/networks/:name",
    scope: "names:write",
    isConditional: true,
    summary: "Take a messaging gateway or a bridge away",
    answers: { 204: null },
    refusals: [...CONTENT_REFUSALS, "NOT_FOUND"],
    run: async (call) => {
      await changeAsService(call, [{ kind: "removeNetwork" }]);
      call.response.status(204).end();
    },
  }),
  keyed({
    method: "put",
    path: "/names/:name/certificates",
    scope: "profiles:write",
    isConditional: true,
    summary:
      "Publish a user's certificate for another network, signed by the profile's signing key",
    body: { schema: z.unknown(), mostBytes: 32 * 1024 },
    answers: { 200: outcomeSchema },
    refusals: [...CONTENT_REFUSALS, ...STATEMENT_REFUSALS],
    run: async (call) => {
      const action = certificateAction(nameParameter(call.request), call.body);
      const outcome = await changeAsService(call, [action]);
      call.response.json(describeOutcome(nameParameter(call.request), outcome));
    },
  }),
  keyed({
    method: "delete",
    path: "/names/:name/certificates/:scheme",
    scope: "profiles:write",
    isConditional: true,
    summary: "Take a user's certificate away",
    answers: { 204: null },
    refusals: [...CONTENT_REFUSALS, "NOT_FOUND"],
    run: async (call) => {
      const scheme = schemeParameter(call.request.params["scheme"]);
      await changeAsService(call, [{ kind: "removeCertificate", scheme }]);
      call.response.status(204).end();
    },
  }),
];

function schemeParameter(given: unknown): CertificateScheme {
  const found = CERTIFICATE_SCHEMES.find((scheme) => scheme === given);
  if (found !== undefined) return found;
  throw new SignpostError(
    "INVALID_REQUEST",
    `There are certificates of ${CERTIFICATE_SCHEMES.join(", ")} only.`,
    { field: "scheme" },
  );
}
