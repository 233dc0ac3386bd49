/**
 * @chainlink/ccip-read-server with what an ENS gateway does in it: decode the name, check that it is normalised and
 * that the inner call asks about it, look it up, encode, sign. With ethers 5, as the package itself.
 */
import { createServer } from "node:http";
import { Server } from "@chainlink/ccip-read-server";
import { ethers } from "ethers5";
import { listen } from "./listen.js";
import { type Records, recordsByName } from "./recordsByName.js";

const { arrayify, hexConcat, keccak256, nameprep, namehash, solidityKeccak256, toUtf8String } =
  ethers.utils;

const TTL_SEC = 240;
const signingKey = new ethers.utils.SigningKey(process.env["SIGNER_KEY"] ?? "");

const service = [
  "function resolve(bytes name, bytes data) view returns (bytes result, uint64 expires, bytes sig)",
];
const resolver = new ethers.utils.Interface([
  "function addr(bytes32 node) view returns (address)",
  "function addr(bytes32 node, uint256 coinType) view returns (bytes)",
  "function text(bytes32 node, string key) view returns (string)",
  "function contenthash(bytes32 node) view returns (bytes)",
]);

const ANSWERS: Readonly<Record<string, (records: Records | null, key: string) => unknown>> = {
  "addr(bytes32)": (records) => records?.addresses["60"] ?? ethers.constants.AddressZero,
  "addr(bytes32,uint256)": (records, coinType) => records?.addresses[coinType] ?? "0x",
  "text(bytes32,string)": (records, key) => records?.texts[key] ?? "",
  "contenthash(bytes32)": (records) => records?.contenthash ?? "0x",
};

const server = new Server();
server.add(service, [
  {
    type: "resolve",
    func: async (args, call) => {
      const [dnsName, data] = args as unknown as readonly [string, string];
      const result = await answer(decodeDnsName(arrayify(dnsName)), data);
      const expires = Math.floor(Date.now() / 1000) + TTL_SEC;
      const digest = solidityKeccak256(
        ["bytes", "address", "uint64", "bytes32", "bytes32"],
        ["0x1900", call.to, expires, keccak256(call.data), keccak256(result)],
      );
      const { r, yParityAndS } = signingKey.signDigest(digest);
      return [result, expires, hexConcat([r, yParityAndS])];
    },
  },
]);
listen(createServer(server.makeApp("/")));

async function answer(name: string, data: string): Promise<string> {
  const { signature, functionFragment, args } = resolver.parseTransaction({ data });
  if (nameprep(name) !== name) throw new Error("The name must be normalised");
  if (namehash(name) !== args[0]) throw new Error("The call asks about another name");
  const answerFrom = ANSWERS[signature];
  if (answerFrom === undefined) throw new Error(`Unsupported function ${signature}`);
  const records = await recordsByName(name);
  return resolver.encodeFunctionResult(functionFragment, [answerFrom(records, String(args[1]))]);
}

function decodeDnsName(bytes: Uint8Array): string {
  const labels: string[] = [];
  for (let at = 0, length = bytes[0] ?? 0; length > 0; length = bytes[at] ?? 0) {
    labels.push(toUtf8String(bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return labels.join(".");
}
