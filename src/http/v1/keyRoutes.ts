/** The API keys of the domain: which there are, when each was used last, and ending one. */
import { SignpostError } from "../../errors.js";
import type { ApiKey } from "../../registry/domains/apiKey.js";
import { type KeyAnswer, keysPageSchema } from "../../wire/keys.js";
import { keyId, keysQuery } from "../../wire/keysQuery.js";
import { parseInput } from "../../wire/parseInput.js";
import { keyed } from "./route.js";

export const keyRoutes = [
  keyed({
    method: "get",
    path: "/keys",
    scope: "domain:admin",
    summary:
      "The API keys and sessions of the domain, the newest first, in pages; the keys themselves are stored nowhere",
    query: keysQuery,
    answers: { 200: keysPageSchema },
    refusals: [],
    run: async ({ registry: { domains }, key, query: { after = null, limit }, response }) => {
      const { items, next } = await domains.apiKeyPage(key.domain, after, limit);
      response.json({ keys: items.map((one) => describeKey(one, key)), next });
    },
  }),
  keyed({
    method: "delete",
    path: "/keys/:id",
    scope: "domain:admin",
    summary: "End an API key of the domain, or a session, at once and for good",
    answers: { 204: null },
    refusals: ["NOT_FOUND"],
    run: async ({ registry: { domains }, key: { domain }, request, response }) => {
      const id = parseInput(keyId, "The id in the path", request.params["id"]);
      if (!(await domains.revokeApiKey(domain, id))) {
        throw new SignpostError(
          "NOT_FOUND",
          `${domain} has no API key ${id} that still works; GET /v1/keys lists those that it has.`,
          { domain, id },
        );
      }
      response.status(204).end();
    },
  }),
];

function describeKey({ id, label, scopes, limits, ...times }: ApiKey, asking: ApiKey): KeyAnswer {
  return {
    ...{ id, label, limits },
    scopes: [...scopes],
    createdAtMs: times.createdMs,
    lastUsedAtMs: times.lastUsedMs,
    revokedAtMs: times.revokedMs,
    expiresAtMs: times.expiresMs,
    isThis: id === asking.id,
  };
}
