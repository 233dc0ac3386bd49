/** A service's HTTP endpoint as a source: where its settings say, reached under guard. */
import { openOperatorServer } from "../../net/operatorServer.js";
import type { DomainSource } from "../../registry/domains/domain.js";
import type { HttpSettings } from "../../registry/sources/httpSettings.js";
import { ENDPOINT_BOUNDS, type HttpSource, httpSource } from "../../source-http/httpSource.js";
import { requestSigner } from "../../source-http/signingKey.js";

/**
 * Connects with the first question.
 * @param signingKey as `newSigningKey` made it, decrypted
 * @param nowMs the clock, Unix time in milliseconds
 * @throws INVALID_CONFIGURATION; FORBIDDEN_ADDRESS for a literal address that may not be connected to
 */
export function openHttpSource(
  source: DomainSource,
  { endpoint: text, network }: Pick<HttpSettings, "endpoint" | "network">,
  signingKey: string,
  nowMs: () => number,
): HttpSource {
  const endpoint = new URL(text);
  return httpSource({
    ...{ source, endpoint },
    connection: openOperatorServer(endpoint, network, ENDPOINT_BOUNDS),
    signer: requestSigner(signingKey),
    nowMs,
  });
}
