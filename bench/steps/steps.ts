/** The steps of one lookup, as we do them and as ethers and viem would. */
import { randomBytes } from "node:crypto";
import * as ethers from "ethers";
import * as viem from "viem";
import { sign } from "viem/accounts";
import { normalize as viemNormalize } from "viem/ens";
import { answerDigest } from "../../src/ccip/digest.js";
import { createCcipRouter } from "../../src/ccip/router.js";
import { parseAddress } from "../../src/ens/address.js";
import { decodeDnsName, encodeDnsName } from "../../src/ens/dnsName.js";
import { namehash } from "../../src/ens/namehash.js";
import { assertNormalized } from "../../src/ens/normalize.js";
import { resolve, text } from "../../src/ens/resolverFunctions.js";
import { SIGNED_RESOLVE } from "../../src/gateway/gateway.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { nameOf } from "../data/names.js";
import { RESOLVER } from "../servers/resolvers.js";

const ABI = viem.parseAbi([
  "function resolve(bytes name, bytes data) view returns (bytes)",
  "function text(bytes32 node, string key) view returns (string)",
]);
const iface = new ethers.Interface([
  "function resolve(bytes name, bytes data) view returns (bytes)",
  "function text(bytes32 node, string key) view returns (string)",
]);
const coder = ethers.AbiCoder.defaultAbiCoder();
const SIGNED = viem.parseAbiParameters("bytes, uint64, bytes");

const name = nameOf(1);
const node = namehash(name);
const dnsName = encodeDnsName(name);
const request = resolve.encodeInput(dnsName, text.encodeInput(node, "network.dm3.profile"));
const requestHex = viem.toHex(request);
const value = "x".repeat(480);
const result = text.encodeOutput(value);
const resultHex = viem.toHex(result);
const expiresSec = 2_000_000_000n;
const digest = answerDigest({ target: parseAddress(RESOLVER), expiresSec, request, result });
const digestHex = viem.toHex(digest);
const key = randomBytes(32);
const keyHex = viem.toHex(key);
const signature = randomBytes(65);
const signatureHex = viem.toHex(signature);
const packed = ["bytes", "address", "uint64", "bytes32", "bytes32"] as const;

const signer = localGatewaySigner(key);
const ethersKey = new ethers.SigningKey(keyHex);
const router = createCcipRouter();
router.add({ type: SIGNED_RESOLVE, handle: () => [result, expiresSec, signature] as const });

/** Each library's way of doing the same. */
export type Step = Readonly<Record<"Signpost" | "viem" | "ethers", () => unknown>>;

export const STEPS: Readonly<Record<string, Step>> = {
  "decode resolve and text": {
    Signpost: () => text.decodeInput(resolve.decodeInput(request)[1]),
    viem: () => {
      const { args } = viem.decodeFunctionData({ abi: ABI, data: requestHex });
      return viem.decodeFunctionData({ abi: ABI, data: args[1] as viem.Hex });
    },
    ethers: () => {
      const [, call] = iface.decodeFunctionData("resolve", requestHex).toArray() as string[];
      return iface.decodeFunctionData("text", call ?? "");
    },
  },
  "normalise an ASCII name": {
    Signpost: () => {
      assertNormalized(decodeDnsName(dnsName));
    },
    viem: () => viemNormalize(name),
    ethers: () => ethers.ensNormalize(name),
  },
  namehash: {
    Signpost: () => namehash(name),
    viem: () => viem.namehash(name),
    ethers: () => ethers.namehash(name),
  },
  "encode the result and the signed answer (the router's decoding with it)": {
    Signpost: () => router.call({ to: parseAddress(RESOLVER), data: request }),
    viem: () => {
      const encoded = viem.encodeFunctionResult({ abi: ABI, functionName: "text", result: value });
      return viem.encodeAbiParameters(SIGNED, [encoded, expiresSec, signatureHex]);
    },
    ethers: () => {
      const encoded = iface.encodeFunctionResult("text", [value]);
      return coder.encode(["bytes", "uint64", "bytes"], [encoded, expiresSec, signature]);
    },
  },
  digest: {
    Signpost: () => answerDigest({ target: parseAddress(RESOLVER), expiresSec, request, result }),
    viem: () =>
      viem.keccak256(
        viem.encodePacked(packed, [
          "0x1900",
          RESOLVER,
          expiresSec,
          viem.keccak256(request),
          viem.keccak256(result),
        ]),
      ),
    ethers: () =>
      ethers.solidityPackedKeccak256(packed, [
        "0x1900",
        RESOLVER,
        expiresSec,
        ethers.keccak256(requestHex),
        ethers.keccak256(resultHex),
      ]),
  },
  sign: {
    Signpost: () => signer.signDigest(digest),
    viem: () => sign({ hash: digestHex, privateKey: keyHex, to: "hex" }),
    ethers: () => ethersKey.sign(digestHex).serialized,
  },
};
