/** From the text of a DM3 record to the JSON that it holds or links to, verified against the record. */
import { MAX_PROFILE_BYTES, parseBoundedJson } from "../dm3/profile/boundedJson.js";
import { verifyIpfsBlock } from "../dm3/profile/ipfsContent.js";
import { parseRecord } from "../dm3/profile/parseRecord.js";
import { parseLinkedProfile } from "../dm3/profile/profileLink.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { FetchRequest } from "../fetch/fetcher.js";
import {
  type FailedServer,
  failedServer,
  nobodyAnswered,
  shortReason,
} from "../fetch/serversAsked.js";
import { checkThatFailed, failedCheck } from "./checks.js";
import type { ReadContext } from "./readContext.js";

/** Where the profile itself was: in the record, behind a link, or on IPFS. */
export type ProfileSource = "data" | "https" | "ipfs";

export interface SourceContext extends ReadContext {
  /** Base URLs of IPFS gateways, tried in turn; none is trusted. */
  readonly ipfsGateways: readonly string[];
}

/** Throws UNREACHABLE, or a failed check. */
export async function readProfileSource(
  context: SourceContext,
  recordText: string,
): Promise<{ source: ProfileSource; json: unknown }> {
  const { checks } = context;
  const record = checks.run("profile-record", "the record holds a profile or a link to one", () =>
    parseRecord(recordText),
  );
  switch (record.kind) {
    case "data":
      return { source: "data", json: record.json };
    case "https": {
      const content = await fetchLink(context, record.url);
      const json = checks.run("link-hash", `${record.url} has the hash of the record`, () =>
        parseLinkedProfile(content, record.dm3Hash),
      );
      return { source: "https", json };
    }
    case "ipfs": {
      const file = await fetchFromIpfs(context, record.cid);
      const json = checks.run("profile-format", "the file on IPFS is JSON", () =>
        parseBoundedJson(file),
      );
      return { source: "ipfs", json };
    }
  }
}

async function fetchLink(context: SourceContext, url: string): Promise<Uint8Array> {
  const timeoutMs = context.deadline.remainingMs;
  try {
    return await fetchContent(context, { url, accept: "application/json", timeoutMs });
  } catch (error) {
    throw nobodyAnswered("The linked profile", [failedServer(url, reasonOf(error))]);
  }
}

/** A gateway with the wrong block is as good as one that is down, unless no gateway has the right one. */
async function fetchFromIpfs(context: SourceContext, cid: string): Promise<Uint8Array> {
  const { checks, deadline, ipfsGateways } = context;
  const failed: FailedServer[] = [];
  let wrongBlock: SignpostError | null = null;
  for (const [index, gateway] of ipfsGateways.entries()) {
    const url = `${gateway.replace(/\/+$/, "")}/ipfs/${cid}?format=raw`;
    const timeoutMs = deadline.shareMs(ipfsGateways.length - index);
    try {
      const accept = "application/vnd.ipld.raw";
      const block = await fetchContent(context, { url, accept, timeoutMs });
      return checks.run("ipfs-cid", `the block is the one that ${cid} names`, () =>
        verifyIpfsBlock(cid, block),
      );
    } catch (error) {
      failed.push(failedServer(url, reasonOf(error)));
      if (isSignpostError(error) && checkThatFailed(error) !== null) wrongBlock = error;
    }
  }
  if (wrongBlock !== null) throw failedCheck("ipfs-cid", wrongBlock.message, wrongBlock);
  throw nobodyAnswered("The profile on IPFS", failed);
}

async function fetchContent(
  { fetcher }: SourceContext,
  request: Pick<FetchRequest, "url" | "timeoutMs"> & { accept: string },
): Promise<Uint8Array> {
  const answer = await fetcher({ ...request, method: "GET", maxBytes: MAX_PROFILE_BYTES });
  if (answer.status !== 200) {
    const reason = `it answered HTTP ${answer.status}`;
    throw new SignpostError("UNREACHABLE", `${request.url}: ${reason}. Try again later.`, {
      reason,
    });
  }
  return answer.body;
}

/** Rethrows defects; the rest is a reason why this one server could not give the content. */
function reasonOf(error: unknown): string {
  if (!isSignpostError(error) || error.code === "INTERNAL") throw error;
  return shortReason(error);
}
