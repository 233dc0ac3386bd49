/** What the resolver says of itself (ERC-165, ERC-7996), and whether it is true. */
import { fromHex } from "../../abi/hex.js";
import { BATCH_FEATURE, MULTICALL_FEATURE } from "../../ccip/resolverFeatures.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { namehash } from "../../ens/namehash.js";
import { addr, addrOfCoin, contenthash, text } from "../../ens/resolverFunctions.js";
import { claimsFeature } from "../../lookup/claimsFeature.js";
import { claimsInterface } from "../../lookup/contractView.js";
import { callContract } from "../../lookup/ethCall.js";
import type { Check } from "../check.js";
import { answersWithLittleGas, emptyCallOf } from "../facts/emptyCall.js";
import { isExtended, resolverOf } from "../facts/namedResolver.js";
import { failed, notApplicable, passed, warning } from "../line.js";
import { nameOf, observation, type Patient } from "../patient.js";

const INVALID_ID = fromHex("0xffffffff");
/** Whether it says that it takes several records in one `resolve` (ENSIP-22). */
export const claimsMulticall = observation(async (patient: Patient) => {
  const { address } = await resolverOf(patient);
  return claimsFeature(patient, address, MULTICALL_FEATURE);
});

/** Whether it says that it takes answers which share a signature. */
export const takesBatches = observation(async (patient: Patient) => {
  const { address } = await resolverOf(patient);
  return claimsFeature(patient, address, BATCH_FEATURE);
});

const multicallFeature: Check = {
  id: "multicall-feature",
  title: "ERC-7996 features",
  needs: ["wildcard"],
  async examine(patient) {
    if (!(await isExtended(patient))) return notApplicable("features are for ENSIP-10 resolvers");
    return (await claimsMulticall(patient))
      ? passed("takes several records in one lookup (ENSIP-22)")
      : warning(
          "does not claim eth.ens.resolver.extended.multicall (0x96b62db8) by ERC-7996",
          "Clients fetch every record with a lookup of its own. Use a resolver and gateway with ENSIP-22.",
        );
  },
};

const interfaceClaims: Check = {
  id: "interface-claims",
  title: "ERC-165 claims",
  needs: ["wildcard"],
  async examine(patient) {
    const { address } = await resolverOf(patient);
    const node = namehash(nameOf(patient));
    const methods = [
      { method: addr, call: addr.encodeInput(node) },
      { method: addrOfCoin, call: addrOfCoin.encodeInput(node, COIN_TYPE_ETH) },
      { method: text, call: text.encodeInput(node, "avatar") },
      { method: contenthash, call: contenthash.encodeInput(node) },
    ];
    if (await claimsInterface(patient, address, INVALID_ID)) {
      return warning(
        "claims 0xffffffff, which ERC-165 forbids: its claims mean nothing",
        "Return true only for the ids of functions that the contract has.",
      );
    }
    const untrue: string[] = [];
    for (const { method, call } of methods) {
      if (!(await claimsInterface(patient, address, fromHex(method.selector)))) continue;
      const result = await callContract(patient, address, call);
      if (result.data.length === 0) untrue.push(`${method.signature} ${method.selector}`);
    }
    return untrue.length === 0
      ? passed("claims no record function that it does not have")
      : warning(
          `claims functions that it does not have: ${untrue.join(", ")}`,
          "Clients that believe it call them and see a broken resolver. Claim 0x9061b923 only.",
        );
  },
};

const emptyCall: Check = {
  id: "empty-call",
  title: "an empty call",
  needs: ["resolver-code"],
  async examine(patient) {
    const probe = await emptyCallOf(patient);
    if (probe === null)
      return notApplicable("this RPC node does not run calls that create contracts");
    if (probe.isStood) {
      return passed(`uses ${probe.gas} of the 5000 gas of the UniversalResolver's probe`);
    }
    const seen =
      "burns all 5000 gas of the UniversalResolver's probe (ENSIP-23), which takes it for a contract of before EIP-140";
    const advice = "Let the fallback function revert at once, or have none.";
    return (await answersWithLittleGas(patient))
      ? warning(`${seen}; addr(node) is answered with the 50,000 gas that those get`, advice)
      : failed(
          `${seen} and gives it 50,000 gas for each call: that is not enough for addr(node)`,
          `viem, ensjs and ethers see no records. ${advice}`,
        );
  },
};

export const INTERFACE_CHECKS: readonly Check[] = [multicallFeature, interfaceClaims, emptyCall];
