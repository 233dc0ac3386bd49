/**
 * The Web Key Directory of DM3 users (draft-koch-openpgp-webkey-service, sections 3.1 and 4.5), in both forms: mail programs find the
 * certificate of an address there. A path is a hash, so the local part has to stand in `?l=`, as programs write it.
 */
import { type RequestHandler, Router } from "express";
import { wkdHash } from "../../codecs/openpgp-mime/keys/wkd.js";
import type { ClientNetwork } from "../../http/clientAddress.js";
import type { FindContact } from "./virtualContacts.js";

export interface DirectoryParts {
  readonly mailDomain: string;
  readonly find: FindContact;
  readonly networkOf: ClientNetwork;
}

/** Below `/.well-known/openpgpkey`. */
export function keyDirectory({ mailDomain, find, networkOf }: DirectoryParts): RequestHandler {
  const router = Router({ strict: true });
  const policy: RequestHandler = (_request, response) => {
    // an empty one says that there is a directory, without further rules
    response.set(HEADERS).type("text/plain").send("");
  };
  const certificate: RequestHandler = async (request, response) => {
    const localPart = request.query["l"];
    const isAsked = typeof localPart === "string" && wkdHash(localPart) === request.params["hash"];
    const found = isAsked ? await find(localPart.toLowerCase(), networkOf(request)) : null;
    response.set(HEADERS);
    if (found === null) response.status(404).type("text/plain").send("No such key.\n");
    else response.type("application/octet-stream").send(Buffer.from(found.certificate));
  };
  for (const place of ["", `/${mailDomain}`]) {
    router.get(`${place}/policy`, policy);
    router.get(`${place}/hu/:hash`, certificate);
  }
  return router;
}

const HEADERS = {
  // programs in browsers ask as well
  "access-control-allow-origin": "*",
  "cache-control": "public, max-age=300",
  "x-content-type-options": "nosniff",
};
