/** Names as a whole: list, read, write, delete, history. */
import { z } from "zod";
import { parseAddress } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import { nameUnderDomain } from "../../registry/changes/nameUnderDomain.js";
import { noSuchName } from "../../registry/names/nameRefusals.js";
import { nameText } from "../../wire/domainInput.js";
import { historyPageSchema } from "../../wire/history.js";
import { historyQuery } from "../../wire/historyQuery.js";
import { nameSchema, namesPageSchema } from "../../wire/nameAnswer.js";
import { address, nameInputSchema } from "../../wire/nameInput.js";
import { outcomeSchema } from "../../wire/outcome.js";
import { type Cursor, sendPage } from "./boundedPage.js";
import { describeName } from "./describeName.js";
import { sendHistory } from "./historyPage.js";
import { actionsOf } from "./nameInput.js";
import { nameParameter } from "./nameParameter.js";
import { describeOutcome } from "./outcome.js";
import { hasVersion, setEtag } from "./preconditions.js";
import { CONTENT_REFUSALS, PROFILE_REFUSALS } from "./refusals.js";
import { keyed } from "./route.js";
import { changeAsService } from "./serviceChange.js";

/** Real names have 1 to 4 KiB; a page of larger ones has fewer. */
const MOST_NAMES = 100;

const listQuery = z.strictObject({
  prefix: nameText.default(""),
  /** Of the wallet that owns them. */
  address: address.optional(),
  /** In lower case, as names in normal form are. */
  contains: nameText.toLowerCase().default(""),
  after: nameText.default(""),
  limit: z.coerce.number().int().min(1).max(MOST_NAMES).default(MOST_NAMES),
});

export const nameRoutes = [
  keyed({
    method: "get",
    path: "/names",
    scope: "names:read",
    summary:
      "The names of the domain, in pages: that begin with a prefix, of a wallet (address), or with a text before the domain (contains)",
    query: listQuery,
    sendsPage: true,
    answers: { 200: namesPageSchema },
    refusals: [],
    run: async ({ registry, shares, key, query, response }) => {
      const owner = query.address === undefined ? null : parseAddress(query.address);
      const read = async (cursor: Cursor<string>) => {
        const page = { ...query, owner, ...cursor };
        const { items, next } = await registry.names.namesOfDomain(key.domain, page);
        return {
          items: items.map((stored) => ({
            after: stored.name,
            describe: () => describeName(stored),
          })),
          next,
        };
      };
      await sendPage(response, "names", query, read, shares.pause);
    },
  }),
  keyed({
    method: "get",
    path: "/names/:name",
    scope: "names:read",
    summary: "A name as it is served",
    answers: { 200: nameSchema, 304: null },
    answersETag: true,
    refusals: ["INVALID_NAME", "NOT_FOUND"],
    run: async ({ registry, key, request, response }) => {
      const { name } = await nameUnderDomain(registry.domains, nameParameter(request), key.domain);
      const stored = await registry.names.nameOf(namehash(name));
      if (!stored) throw noSuchName(name);
      setEtag(response, stored.version);
      if (hasVersion(request, stored.version)) response.status(304).end();
      else response.json(describeName(stored));
    },
  }),
  keyed({
    method: "put",
    path: "/names/:name",
    scope: "names:write",
    isConditional: true,
    summary: "Make a name, or write any of its parts: profile, records, relay node; all or nothing",
    body: { schema: nameInputSchema, mostBytes: 1024 * 1024 },
    answers: { 200: outcomeSchema, 201: outcomeSchema },
    refusals: [...CONTENT_REFUSALS, ...PROFILE_REFUSALS],
    run: async (call) => {
      const outcome = await changeAsService(
        call,
        await actionsOf(nameParameter(call.request), call.body, call.key),
      );
      const described = describeOutcome(nameParameter(call.request), outcome);
      call.response.status(described.outcome === "created" ? 201 : 200).json(described);
    },
  }),
  keyed({
    method: "delete",
    path: "/names/:name",
    scope: "names:write",
    isConditional: true,
    summary: "Delete a name with all its records; only its owner's request brings its profile back",
    answers: { 204: null },
    refusals: [...CONTENT_REFUSALS, "NOT_FOUND"],
    run: async (call) => {
      const { before } = await changeAsService(call, [{ kind: "delete" }]);
      if (!before) throw noSuchName(nameParameter(call.request));
      call.response.status(204).end();
    },
  }),
  keyed({
    method: "get",
    path: "/names/:name/history",
    scope: "names:read",
    summary: "Every change of a name, the oldest first, in pages; also of a name that is gone",
    query: historyQuery,
    sendsPage: true,
    answers: { 200: historyPageSchema },
    refusals: ["INVALID_NAME"],
    run: async ({ registry, shares, key, request, query, response }) => {
      const { name } = await nameUnderDomain(registry.domains, nameParameter(request), key.domain);
      await sendHistory(response, registry.names, name, query, shares.pause);
    },
  }),
];
