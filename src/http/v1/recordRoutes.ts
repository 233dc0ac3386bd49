/** The parts of a name that its user and its service write: profile and own records. */
import { parseAddress } from "../../ens/address.js";
import { profileAction, recordsAction } from "../../registry/names/verifiedActions.js";
import { publicationSchema } from "../../wire/nameInput.js";
import { outcomeSchema, profileOutcomeSchema } from "../../wire/outcome.js";
import { ownRecordsSchema } from "../../wire/ownRecordsSchema.js";
import { nameParameter } from "./nameParameter.js";
import { describeOutcome, describeProfileOutcome } from "./outcome.js";
import { CONTENT_REFUSALS, PROFILE_REFUSALS } from "./refusals.js";
import { keyed } from "./route.js";
import { changeAsService } from "./serviceChange.js";

export const recordRoutes = [
  keyed({
    method: "put",
    path: "/names/:name/profile",
    scope: "profiles:write",
    isConditional: true,
    summary: "Publish a user's profile",
    // 16 relay nodes with the longest names
    body: { schema: publicationSchema, mostBytes: 32 * 1024 },
    answers: { 200: profileOutcomeSchema, 201: profileOutcomeSchema },
    refusals: [...CONTENT_REFUSALS, ...PROFILE_REFUSALS],
    run: async (call) => {
      const { address: wallet, signedUserProfile } = call.body;
      const action = profileAction(parseAddress(wallet), signedUserProfile);
      const outcome = await changeAsService(call, [action]);
      const described = describeProfileOutcome(nameParameter(call.request), outcome);
      call.response.status(described.outcome === "created" ? 201 : 200).json(described);
    },
  }),
  keyed({
    method: "delete",
    path: "/names/:name/profile",
    scope: "profiles:write",
    isConditional: true,
    summary: "Take a profile away; the name stays bound to its wallet",
    answers: { 204: null },
    refusals: [...CONTENT_REFUSALS, "NOT_FOUND"],
    run: async (call) => {
      await changeAsService(call, [{ kind: "deleteProfile" }]);
      call.response.status(204).end();
    },
  }),
  keyed({
    method: "put",
    path: "/names/:name/records",
    scope: "names:write",
    isConditional: true,
    summary: "Replace the kinds of records that are given",
    // all records that a name can hold at once (ownRecordsSchema adds them up)
    body: { schema: ownRecordsSchema, mostBytes: 1024 * 1024 },
    answers: { 200: outcomeSchema },
    refusals: CONTENT_REFUSALS,
    run: async (call) => {
      const outcome = await changeAsService(call, [await recordsAction(call.body)]);
      call.response.json(describeOutcome(nameParameter(call.request), outcome));
    },
  }),
];
