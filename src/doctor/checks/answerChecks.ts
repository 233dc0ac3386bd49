/** Whether an answer expires as it should, who signed it, and whether the resolver accepts it. */
import { checksumAddress } from "../../ens/address.js";
import type { GatewayCheck } from "../check.js";
import { acceptanceOf, isEnabled, signatureOf } from "../facts/acceptance.js";
import { answeredExchange } from "../facts/gatewayExchange.js";
import { resolverOf } from "../facts/namedResolver.js";
import { isInBatch, lookalikesOf, type SignedAnswer } from "../facts/signedAnswer.js";
import { failed, type Finding, notApplicable, passed } from "../line.js";
import type { Patient } from "../patient.js";
import { ownResolver } from "./administrationChecks.js";
import { judgeExpiry } from "./expiry.js";
import { takesBatches } from "./interfaceChecks.js";

const OTHER_FORM =
  "the response has a form of its own, not (bytes result, uint64 expires, bytes signature)";

const answerExpiry: GatewayCheck = {
  id: "answer-expiry",
  title: "the answer's expiry",
  needs: ["gateway-answer"],
  async examine(patient, url) {
    const signed = await signatureOf(patient, url);
    if (signed === null) return notApplicable(OTHER_FORM);
    const { refusal, chainTimeSec } = await acceptanceOf(patient, url);
    const own = await ownResolver(patient);
    return judgeExpiry({
      expiresSec: signed.answer.expiresSec,
      chainTimeSec,
      longestSec: own?.maxValiditySec ?? null,
      accepted: refusal === null,
    });
  },
};

const answerSigner: GatewayCheck = {
  id: "answer-signer",
  title: "the answer's signer",
  needs: ["gateway-answer"],
  async examine(patient, url) {
    const signed = await signatureOf(patient, url);
    if (signed === null) return notApplicable(OTHER_FORM);
    const { refusal } = await acceptanceOf(patient, url);
    const { answer, recovered } = signed;
    if (recovered.signer === null) {
      if (refusal === null) {
        return notApplicable(`not signed as the ecosystem does (${recovered.fault}), yet accepted`);
      }
      return (await signedAlmostRight(patient, url, answer)) ?? malformed(answer, recovered.fault);
    }
    const signer = checksumAddress(recovered.signer);
    const enabled = await isEnabled(patient, recovered.signer);
    if (enabled === true) {
      if (!isInBatch(answer)) return passed(`signed by ${signer}, which the resolver trusts`);
      if (refusal === null || (await takesBatches(patient))) {
        return passed(`in a batch signed by ${signer}, which the resolver trusts`);
      }
      return failed(
        `in a batch signed by ${signer}, but the resolver does not take batches`,
        "Let the gateway sign each answer for this resolver by itself, or attach a resolver with the feature 0x41212723.",
      );
    }
    if (refusal === null) {
      return notApplicable(
        enabled === null
          ? `accepted; by the ecosystem's digest ${signer} signed it, but the resolver does not list its signers`
          : "accepted, though not by the ecosystem's digest: the resolver has a digest of its own",
      );
    }
    const lookalike = await signedAlmostRight(patient, url, answer);
    if (lookalike !== null) return lookalike;
    if (enabled === null) {
      return refusal.check === "gateway-signature"
        ? failed(`signed by ${signer}; the resolver says: ${refusal.reason}`, await advice(patient))
        : notApplicable("the resolver does not list its signers, and refuses for another reason");
    }
    return failed(
      `signed by ${signer}, which the resolver does not trust (a changed answer looks the same)`,
      await advice(patient),
    );
  },
};

function malformed(answer: SignedAnswer, fault: string): Finding {
  return isInBatch(answer)
    ? failed(
        `the answer is not in its batch: ${fault} (a changed answer looks the same)`,
        "Send each answer with the path that leads from its own digest, as contracts/AnswerBatch.sol draws it.",
      )
    : failed(
        `the signature is malformed: ${fault}`,
        "Sign the 32-byte digest itself with ECDSA, and send 65 bytes r, s, v with a low s.",
      );
}

/** The mistake by which a trusted key made a signature that does not verify; null when it is none we know. */
async function signedAlmostRight(
  patient: Patient,
  url: string,
  answer: SignedAnswer,
): Promise<Finding | null> {
  const { lookup } = await answeredExchange(patient, url);
  const { address } = await resolverOf(patient);
  for (const { how, signer } of lookalikesOf(answer, address, lookup.callData)) {
    if ((await isEnabled(patient, signer)) !== true) continue;
    return failed(
      `signed by ${checksumAddress(signer)}, a key that the resolver trusts, but ${how}`,
      "Sign keccak256(0x1900, resolver, expires, keccak256(request), keccak256(result)), packed, over the exact bytes received.",
    );
  }
  return null;
}

async function advice(patient: Patient): Promise<string> {
  const own = await ownResolver(patient);
  const trusted = own === null ? "" : ` (${own.signers.join(", ")})`;
  return `Give the gateway the key of a trusted signer${trusted}, or add its own: \`signpost resolver signers add\`.`;
}

const answerAccepted: GatewayCheck = {
  id: "answer-accepted",
  title: "the resolver's callback",
  needs: ["gateway-answer", "answer-expiry", "answer-signer"],
  async examine(patient, url) {
    const { refusal } = await acceptanceOf(patient, url);
    return refusal === null
      ? passed("the resolver's callback accepts the answer")
      : failed(
          `the resolver's callback refuses the answer: ${refusal.reason}`,
          "Compare what the gateway encodes and signs with what the resolver's callback takes apart.",
        );
  },
};

export const ANSWER_CHECKS: readonly GatewayCheck[] = [answerExpiry, answerSigner, answerAccepted];
