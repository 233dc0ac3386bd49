/** The gatewaySigner of an installation: where GATEWAY_SIGNER says, or with a key of its own. */
import type { Config } from "./config.js";
import { SignpostError } from "./errors.js";
import { localGatewaySigner } from "./gateway/gatewaySigner.js";
import { keyFileIn, localGatewaySignerKey, readKeyFile } from "./localKey.js";
import { loadEngines } from "./native/engines.js";
import { exchange } from "./net/guardedFetch.js";
import { operatorAgent } from "./net/operatorAgent.js";
import { awsKmsSigner } from "./signer/awsKmsSigner.js";
import { REMOTE_BOUNDS, boundedSigner } from "./signer/boundedSigner.js";
import { keystoreSigner } from "./signer/keystoreSigner.js";
import type { OpenSigner } from "./signer/openSigner.js";
import { type SignerConnection, remoteSigner } from "./signer/remoteSigner.js";
import { readSecretFile } from "./signer/secretFile.js";
import { probeSigner } from "./signer/signerProbe.js";

/** What to do when there is no generated key yet: at the first start it is made, later its absence is a mistake. */
export type MissingKey = "make" | "refuse";

/**
 * Opens the signer and has it sign once.
 * @throws INVALID_CONFIGURATION when the settings or files are wrong, SIGNER_UNAVAILABLE when it does not sign
 */
export async function openConfiguredSigner(
  config: Config,
  missingKey: MissingKey,
): Promise<OpenSigner> {
  const signer = await openSigner(config, missingKey);
  try {
    await probeSigner(signer);
    return signer;
  } catch (error) {
    await signer.close();
    throw error;
  }
}

async function openSigner(config: Config, missingKey: MissingKey): Promise<OpenSigner> {
  const { location, passphraseFile, tokenFile } = config.signer;
  if (location === null) return ownSigner(config, missingKey);
  if (config.secrets.gatewaySignerKey !== null) throw twoSigners();
  switch (location.kind) {
    case "keystore":
      if (passphraseFile === null) throw noPassphrase();
      return keystoreSigner(location.file, passphraseFile);
    case "remote": {
      const token = tokenFile === null ? null : await readSecretFile(tokenFile, "token file");
      return boundedSigner(await connectedSigner(location.url, token), REMOTE_BOUNDS);
    }
    case "aws-kms":
      return boundedSigner(await awsKmsSigner(location.keyId), REMOTE_BOUNDS);
  }
}

/** A key in our own memory. */
async function ownSigner(config: Config, missingKey: MissingKey): Promise<OpenSigner> {
  const { directory, secrets } = config;
  const key =
    secrets.gatewaySignerKey ??
    (await (missingKey === "make"
      ? localGatewaySignerKey(directory)
      : readKeyFile(keyFileIn(directory))));
  const { ecdsaSign } = await loadEngines();
  const signer = localGatewaySigner(key, ecdsaSign);
  return {
    address: signer.address,
    description: secrets.gatewaySignerKey
      ? "GATEWAY_SIGNER_KEY"
      : `the file ${keyFileIn(directory)}`,
    signDigest: (digest) => signer.signDigest(digest),
    close: () => Promise.resolve(),
  };
}

async function connectedSigner(url: URL, token: string | null): Promise<OpenSigner> {
  const agent = operatorAgent(REMOTE_BOUNDS.mostUnderWay);
  const connection: SignerConnection = {
    origin: url.origin,
    send: (request) => exchange(agent, url, request),
    close: () => agent.close(),
  };
  try {
    return await remoteSigner(connection, token);
  } catch (error) {
    await agent.close();
    throw error;
  }
}

function twoSigners(): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    "GATEWAY_SIGNER and GATEWAY_SIGNER_KEY are both set, and only one key can sign. Remove one of them.",
  );
}

function noPassphrase(): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    "GATEWAY_SIGNER names a keystore, but not how to open it. Write its passphrase into a file that only this user may read, and name that in GATEWAY_SIGNER_PASSPHRASE_FILE.",
  );
}
