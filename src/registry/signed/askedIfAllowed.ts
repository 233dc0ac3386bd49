/** What a chain is asked: only about requests that would be carried out if their signature is right. */
import type { Hex } from "../../abi/hex.js";
import { parseAddress } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import type { SignedRequestBody } from "../../wire/signedRequest.js";
import type { Clock } from "../changes/clock.js";
import { rehearseChange } from "../changes/rehearseChange.js";
import { assertCurrent, assertInTime } from "../names/requestTime.js";
import type { RegistryStores } from "../store.js";
import { askedOnlyIf, type ContractWallets } from "./contractWallets.js";
import { actionOf, assertReadsHistory, contentOf, forSessions } from "./signedRequest.js";

/** The rules decide the same once more, under the lock of the name. */
export function askedIfAllowed(
  registry: RegistryStores,
  contractWallets: ContractWallets,
  body: SignedRequestBody,
  nowMs: Clock,
): ContractWallets {
  const request = { ...body.request, contentHash: body.request.contentHash as Hex };
  const { name, domain } = request;
  return askedOnlyIf(contractWallets, async () => {
    // first what needs no question to anybody
    if (request.action === "openSession") throw forSessions();
    assertInTime(request, nowMs());
    const address = parseAddress(body.signer);
    const signedFor = { chainId: BigInt(body.chainId), resolver: parseAddress(body.resolver) };
    const content = contentOf(request, body.content);
    const signature = body.signature as Hex;
    const authority = {
      kind: "owner",
      address,
      signedFor,
      request,
      signature,
      content: "",
    } as const;
    const node = namehash(name);
    const signatureState = await registry.names.signatureStateOf(node);
    if (request.action === "readHistory") {
      const stored = await registry.names.nameOf(node);
      assertReadsHistory({ request, authority, content }, stored, signatureState, nowMs());
      return;
    }
    assertCurrent(request, { name, sequence: signatureState.sequence, nowMs: nowMs() });
    const actions = [await actionOf({ request, authority, content })];
    await rehearseChange(registry, { domain, name, actions, authority }, nowMs);
  });
}
