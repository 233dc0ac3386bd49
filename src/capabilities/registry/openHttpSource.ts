/** A service's HTTP endpoint as a source: where its configuration says, reached under guard. */
import { parseNamedNetworks } from "../../net/namedNetworks.js";
import { openOperatorServer } from "../../net/operatorServer.js";
import type { SourceName } from "../../registry/sources/source.js";
import { parseEndpoint } from "../../source-http/endpointUrl.js";
import { ENDPOINT_BOUNDS, type HttpSource, httpSource } from "../../source-http/httpSource.js";
import { requestSigner } from "../../source-http/signingKey.js";

/** Nothing of it is secret. */
export interface HttpSourceConfig {
  /** `https://users.example.com/signpost`; `http:` only into `privateNetworks`. */
  readonly endpoint: string;
  /** Networks that its host may be in beside the internet, in CIDR notation. */
  readonly privateNetworks: readonly string[];
}

/**
 * Connects with the first question.
 * @param signingKey as `newSigningKey` made it, decrypted
 * @throws INVALID_CONFIGURATION; FORBIDDEN_ADDRESS for a literal address that may not be connected to
 */
export function openHttpSource(
  name: SourceName,
  { endpoint: text, privateNetworks }: HttpSourceConfig,
  signingKey: Uint8Array,
): HttpSource {
  const endpoint = parseEndpoint(text);
  const connection = openOperatorServer(
    endpoint,
    parseNamedNetworks(privateNetworks),
    ENDPOINT_BOUNDS,
  );
  return httpSource({
    ...{ name, endpoint, connection },
    signer: requestSigner(signingKey),
    nowMs: Date.now,
  });
}
