/** test/vectors/operation-message, carried out by the registry on a real Postgres. */
import { expect } from "chai";
import { fromHex, toHex } from "../../src/abi/hex.js";
import type { ErrorCode } from "../../src/errors.js";
import { operationMessageDigest } from "../../src/signing/operationMessage.js";
import {
  parseSignedOperation,
  signedOperationSchema,
} from "../../src/wire/signedOperationSchema.js";
import { expectRejection } from "../expectError.js";
import { type Installation, openInstallation } from "./installation.js";
import type { OperationMessageExpected, OperationMessageInput } from "./make/operationMessages.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = await readVectors<
  OperationMessageInput,
  OperationMessageExpected,
  ErrorCode
>("operation-message");

describe("vectors: operation-message", () => {
  let installation: Installation;
  before(async () => (installation = await openInstallation()));
  after(() => installation.close());

  const begin = async (input: OperationMessageInput) => {
    await installation.begin(input);
    for (const body of input.messagesBefore) {
      await installation.takeMessage(body, input, input.nowSec);
    }
  };

  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, async () => {
      const signedFor = { chainId: BigInt(input.chainId), resolver: fromHex(input.resolver) };
      const body = signedOperationSchema.parse(input.body);
      const { message } = parseSignedOperation(body, signedFor);
      expect(toHex(operationMessageDigest(signedFor, message))).to.equal(expected.digest);

      await begin(input);
      const returned = await installation.takeMessage(input.body, input, input.nowSec);
      expect(toHex(returned)).to.equal(expected.returned);
      expect(await installation.state(expected.state.name)).to.deep.equal(expected.state);
    });
  }

  for (const { rule, description, input, error } of invalid) {
    it(`${rule}: ${description}`, async () => {
      await begin(input);
      const taking = installation.takeMessage(input.body, input, input.nowSec);
      await expectRejection(taking, error, /./);
    });
  }
});
