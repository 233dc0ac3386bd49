/**
 * The SDK for client developers: verified DM3 profiles and relay nodes by ENS name. Runs in browsers and under
 * Node; under Node the package's exports lead to `node.ts`, which guards connections better.
 *
 *   const outcome = await resolveProfile("alice.users.example.eth", { rpc: window.ethereum });
 *   if (outcome.status === "found") outcome.profile.publicEncryptionKey;
 */
export { resolveCertificate } from "../lookup/resolveCertificate.js";
export { resolveNetwork } from "../lookup/resolveNetwork.js";
export { resolveProfile } from "../lookup/resolveProfile.js";
export { resolveProfiles } from "../lookup/resolveProfiles.js";
export { resolveRelayNode } from "../lookup/resolveRelayNode.js";
export { nativeAddressOf } from "../messaging/nativeAddressOf.js";
export { resolveNativeAddress } from "../messaging/resolveNativeAddress.js";
export * from "./surface.js";
