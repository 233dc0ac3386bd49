/** A service's HTTP endpoint as a source: where its configuration says, reached under guard. */
import { parseNamedNetworks } from "../../net/namedNetworks.js";
import { openOperatorServer } from "../../net/operatorServer.js";
import type { DomainSource } from "../../registry/domains/domain.js";
import { parseEndpoint } from "../../source-http/endpointUrl.js";
import { ENDPOINT_BOUNDS, type HttpSource, httpSource } from "../../source-http/httpSource.js";
import { requestSigner } from "../../source-http/signingKey.js";

/** Nothing of it is secret. */
export interface HttpSourceConfig {
  /** `https://users.example.com/signpost`; `http:` only into `network`. */
  readonly endpoint: string;
  /** The private network, as 10.1.0.0/16, that the host may lie in; null: public addresses only. */
  readonly network: string | null;
}

/**
 * Connects with the first question.
 * @param signingKey as `newSigningKey` made it, decrypted
 * @throws INVALID_CONFIGURATION; FORBIDDEN_ADDRESS for a literal address that may not be connected to
 */
export function openHttpSource(
  source: DomainSource,
  { endpoint: text, network }: HttpSourceConfig,
  signingKey: Uint8Array,
): HttpSource {
  const endpoint = parseEndpoint(text);
  const connection = openOperatorServer(
    endpoint,
    parseNamedNetworks(network === null ? [] : [network]),
    ENDPOINT_BOUNDS,
  );
  return httpSource({
    ...{ source, endpoint, connection },
    signer: requestSigner(signingKey),
    nowMs: Date.now,
  });
}
