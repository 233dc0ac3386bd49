import { expect } from "chai";
import {
  decodeResult,
  recordCall,
  resolveRequest,
  verifyAnswer,
} from "../../gateway/ensRequest.js";
import { RESOLVER, SIGNER, type TestService } from "../../http/openTestService.js";

/** A text as the service signs it, or the status of its refusal. */
export async function signedText(
  http: Pick<TestService, "ccip">,
  name: string,
  key: string,
): Promise<unknown> {
  const request = resolveRequest(name, recordCall(name, "text", key), 1n);
  const { status, body } = await http.ccip(request);
  if (status !== 200) return status;
  const verified = verifyAnswer(String(body["data"]), { target: RESOLVER, request });
  expect(verified.signer).to.equal(SIGNER);
  return decodeResult("text", verified.result);
}
