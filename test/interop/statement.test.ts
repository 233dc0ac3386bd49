/** test/vectors/statement, signed by our code and taken by the registry's rules. */
import { expect } from "chai";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { deriveSigningKeyPair } from "../../src/dm3/keys/keys.js";
import {
  type CertificateClaim,
  certificateStatement,
  signCertificate,
} from "../../src/dm3/statement/certificate.js";
import {
  claimOf,
  type NetworkClaim,
  type NetworkRecord,
  networkStatement,
  signNetwork,
} from "../../src/dm3/statement/networkRecord.js";
import { type NodeClaim, nodeStatement, provenProfile } from "../../src/dm3/statement/nodeProof.js";
import type { ErrorCode } from "../../src/errors.js";
import {
  certificateAction,
  networkAction,
  relayNodeAction,
} from "../../src/registry/names/verifiedActions.js";
import { expectError } from "../expectError.js";
import type { StatementExpected, StatementInput, StatementRefusal } from "./make/statements.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = (await readVectors<StatementInput, StatementExpected, ErrorCode>(
  "statement",
)) as unknown as {
  valid: Awaited<ReturnType<typeof readVectors<StatementInput, StatementExpected>>>["valid"];
  invalid: readonly {
    rule: string;
    description: string;
    input: StatementRefusal;
    error: ErrorCode;
  }[];
};

const ACTIONS = {
  relayNode: relayNodeAction,
  network: networkAction,
  certificate: certificateAction,
} as const;

interface Made {
  readonly text: string;
  readonly signatures: readonly string[];
  readonly statement: object;
}

/** By our own code. */
function made({ kind, name, seeds, claim }: StatementInput): Made {
  const keys = seeds.map((seed) => deriveSigningKeyPair(fromHex(seed)));
  const [{ privateKey } = { privateKey: new Uint8Array() }] = keys;
  if (kind === "relayNode") {
    const { owner, listed, canary, signedAtSec, ...profile } = claim as unknown as Omit<
      NodeClaim,
      "profile"
    > &
      NodeClaim["profile"];
    const said = { owner, listed, ...(canary !== undefined && { canary }), signedAtSec };
    const whole: NodeClaim = { name, ...said, profile };
    const statement = provenProfile(privateKey, whole);
    return { text: nodeStatement(whole), signatures: [statement.proof!.signature], statement };
  }
  if (kind === "certificate") {
    const whole = { ...claim, name } as CertificateClaim;
    const publicSigningKey = Buffer.from(keys[0]!.publicKey).toString("base64");
    const statement = signCertificate(privateKey, publicSigningKey, whole);
    return { text: certificateStatement(whole), signatures: [statement.signature], statement };
  }
  const { relayNodes: names, ...rest } = claim as unknown as Omit<NetworkRecord, "relayNodes"> & {
    readonly relayNodes: readonly string[];
  };
  const unsigned = names.map((one, index) => ({
    name: one,
    publicSigningKey: Buffer.from(keys[index]!.publicKey).toString("base64"),
    signature: "",
  }));
  const whole: NetworkClaim = claimOf(name, { ...rest, relayNodes: unsigned });
  const signatures = keys.map((key) => signNetwork(key.privateKey, whole));
  const relayNodes = unsigned.map((node, index) => ({ ...node, signature: signatures[index] }));
  return { text: networkStatement(whole), signatures, statement: { ...rest, relayNodes } };
}

describe("vectors: statement", () => {
  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, () => {
      const { text, signatures, statement } = made(input);
      expect(text).to.equal(expected.text);
      const bytes = Uint8Array.of(0xff, ...new TextEncoder().encode(text));
      expect(toHex(bytes)).to.equal(expected.signed);
      expect(signatures).to.deep.equal(expected.signatures);
      expect(statement).to.deep.equal(expected.statement);
      expect(ACTIONS[input.kind](input.name, expected.statement)).to.have.property("kind");
    });
  }

  for (const { rule, description, input, error } of invalid) {
    it(`${rule}: ${description}`, () => {
      expectError(() => ACTIONS[input.kind](input.name, input.statement), error, /./);
    });
  }
});
