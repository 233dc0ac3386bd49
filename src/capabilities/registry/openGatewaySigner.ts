/** The gatewaySigner of an installation: where GATEWAY_SIGNER says, or with a key of its own. */
import { SignpostError } from "../../errors.js";
import { keyFileIn, localGatewaySignerKey, readKeyFile } from "../../installation/localKey.js";
import { localSigner } from "../../native/localSigners.js";
import { readSecretFile } from "../../operator-keys/secretFile.js";
import type { InstallationConfig } from "../../settings/installationSettings.js";
import { boundedSigner, REMOTE_BOUNDS } from "../../signer/boundedSigner.js";
import type { OpenSigner } from "../../signer/openSigner.js";
import type { SignerConnection } from "../../signer/remoteSigner.js";
import { probeSigner } from "../../signer/signerProbe.js";
import { slicedSigner } from "../../signer/slicedSigner.js";
import type { SignerConfig } from "./settings.js";

/** What to do when there is no generated key yet: at the first start it is made, later its absence is a mistake. */
export type MissingKey = "make" | "refuse";

/**
 * Opens the signer and has it sign once.
 * @throws INVALID_CONFIGURATION when the settings or files are wrong, SIGNER_UNAVAILABLE when it does not sign
 */
export async function openGatewaySigner(
  config: SignerConfig,
  { directory }: Pick<InstallationConfig, "directory">,
  missingKey: MissingKey,
): Promise<OpenSigner> {
  const signer = inBounds(await openSigner(config, directory, missingKey), config);
  try {
    await probeSigner(signer);
    return signer;
  } catch (error) {
    await signer.close();
    throw error;
  }
}

/** Each kind is loaded where it is wanted: most installations use one, and their libraries are large. */
async function openSigner(
  config: SignerConfig,
  directory: string,
  missingKey: MissingKey,
): Promise<OpenSigner> {
  const { location, passphraseFile, tokenFile } = config;
  if (location === null) return ownSigner(config, directory, missingKey);
  if (config.secrets.gatewaySignerKey !== null) throw twoSigners();
  switch (location.kind) {
    case "keystore": {
      if (passphraseFile === null) throw noPassphrase();
      const { readKeystore } = await import("../../signer/keystoreSigner.js");
      const key = await readKeystore(location.file, passphraseFile);
      return signerInMemory(key, `the keystore ${location.file}`);
    }
    case "remote": {
      const token = tokenFile === null ? null : await readSecretFile(tokenFile, "token file");
      return connectedSigner(location.url, token);
    }
    case "aws-kms": {
      const { awsKmsSigner } = await import("../../signer/awsKmsSigner.js");
      return awsKmsSigner(location.keyId);
    }
  }
}

/** A key of our own needs no bounds but the one that was asked for. */
function inBounds(signer: OpenSigner, { location, mostPerSec }: SignerConfig): OpenSigner {
  const isElsewhere = location !== null && location.kind !== "keystore";
  return isElsewhere || mostPerSec !== null
    ? boundedSigner(signer, { ...REMOTE_BOUNDS, mostPerSec })
    : signer;
}

async function ownSigner(
  { secrets }: SignerConfig,
  directory: string,
  missingKey: MissingKey,
): Promise<OpenSigner> {
  const { gatewaySignerKey } = secrets;
  if (gatewaySignerKey !== null) {
    return signerInMemory(gatewaySignerKey, "GATEWAY_SIGNER_KEY");
  }
  const file = keyFileIn(directory);
  const key = await (missingKey === "make" ? localGatewaySignerKey(directory) : readKeyFile(file));
  return signerInMemory(key, `the file ${file}`);
}

async function signerInMemory(key: Uint8Array, description: string): Promise<OpenSigner> {
  return slicedSigner({ ...(await localSigner(key)), description });
}

async function connectedSigner(url: URL, token: string | null): Promise<OpenSigner> {
  const { exchange } = await import("../../net/guardedFetch.js");
  const { operatorAgent } = await import("../../net/operatorAgent.js");
  const { remoteSigner } = await import("../../signer/remoteSigner.js");
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
