/** `GET /bridge/contacts/<local part>` and `….vcf`: a DM3 user as a contact for mail programs, and a page about it. */
import type { RequestHandler, Router } from "express";
import { writeVCard } from "../../codecs/openpgp-mime/keys/vCard.js";
import { SignpostError } from "../../errors.js";
import type { ClientNetwork } from "../../http/clientAddress.js";
import { CONTACT_PAGE_POLICY, contactPage } from "./contactPage.js";
import type { FindContact, VirtualContact } from "./virtualContacts.js";

interface ContactRoutesParts {
  readonly find: FindContact;
  readonly networkOf: ClientNetwork;
}

const CARD = ".vcf";
const HEADERS = {
  "content-security-policy": CONTACT_PAGE_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cache-control": "public, max-age=300",
};

export function addContactRoutes(router: Router, parts: ContactRoutesParts): void {
  router.get("/contacts/:localPart", show(parts));
}

function show({ find, networkOf }: ContactRoutesParts): RequestHandler {
  return async (request, response) => {
    const asked = String(request.params["localPart"]);
    const isCard = asked.endsWith(CARD);
    const localPart = isCard ? asked.slice(0, -CARD.length) : asked;
    const contact = await find(localPart.toLowerCase(), networkOf(request));
    if (contact === null) throw noSuchContact();
    response.set(HEADERS);
    if (isCard) sendCard(contact, response);
    else {
      const card = new URL(
        `${request.originalUrl.replace(/[?#].*$/, "")}${CARD}`,
        `${request.protocol}://${request.get("host") ?? ""}`,
      );
      response.type("html").send(contactPage(contact, card.href));
    }
  };
}

function sendCard(
  { name, address, certificate }: VirtualContact,
  response: Parameters<RequestHandler>[1],
): void {
  response
    .set("access-control-allow-origin", "*")
    .attachment("contact.vcf")
    .type("text/vcard")
    .send(writeVCard({ address, name, certificate }));
}

function noSuchContact(): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    "Nobody has this address, or its owner signed no OpenPGP certificate for it. Check the spelling.",
    {},
  );
}
