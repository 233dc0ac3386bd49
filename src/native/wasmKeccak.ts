/** Keccak-256 compiled to WebAssembly: about ten times as fast as JavaScript for what a lookup hashes. */
import { createKeccak } from "hash-wasm";
import type { Keccak256 } from "../abi/keccak256.js";

export async function wasmKeccak256(): Promise<Keccak256> {
  // one state for all: a hash begins and ends without a pause in between
  const state = await createKeccak(256);
  return (bytes) => state.init().update(bytes).digest("binary");
}
