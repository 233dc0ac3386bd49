/** Where resolvers send writers of records: ERC-7884 and ENSIP-20. The operator sets this URL as `operationUrl`. */
import { z } from "zod";
import { toHex } from "../../abi/hex.js";
import { parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { carryOut } from "../../registry/signed/signedOperation.js";
import { operationOutcomeSchema } from "../../wire/outcome.js";
import { parseSignedOperation, signedOperationSchema } from "../../wire/signedOperationSchema.js";
import { describeOutcome } from "./outcome.js";
import { setEtag } from "./preconditions.js";
import { SIGNATURE_REFUSALS } from "./refusals.js";
import { open } from "./route.js";

export const operationRoutes = [
  open({
    method: "post",
    path: "/operations/:chainId/:resolver",
    scope: null,
    summary:
      "A writer's signed message (ERC-7884): setText, setAddr and their siblings, by the owner",
    body: {
      schema: signedOperationSchema,
      // what becomes of the numbers has no form in JSON
      documented: z.looseObject({}),
      mostBytes: 1024 * 1024,
    },
    answers: { 200: operationOutcomeSchema },
    answersETag: true,
    refusals: [
      ...SIGNATURE_REFUSALS,
      "INVALID_CALL_DATA",
      "FUNCTION_NOT_SUPPORTED",
      "NAME_SUSPENDED",
      "DOMAIN_FROZEN",
      "NAME_TAKEN",
      "NOT_FOUND",
      "WRONG_SEQUENCE",
    ],
    run: async ({ registry, contractWallets, nowMs, request, body, response }) => {
      const operation = parseSignedOperation(body, {
        chainId: chainIdOf(String(request.params["chainId"])),
        resolver: parseAddress(String(request.params["resolver"])),
      });
      const done = await carryOut(registry, operation, contractWallets, nowMs);
      setEtag(response, done.outcome.version);
      // `data` as ERC-3668 answers have it, for clients that read no more
      response.json({ data: toHex(done.returned), ...describeOutcome(done.name, done.outcome) });
    },
  }),
];

function chainIdOf(text: string): bigint {
  if (/^(?:0|[1-9][0-9]{0,18})$/.test(text)) return BigInt(text);
  throw new SignpostError(
    "INVALID_REQUEST",
    "The path names no chain: its id is a decimal number.",
  );
}
