/** Where the operator's key for secrets at rest is, for every capability that keeps some. */
import {
  parseWrappingKeyLocation,
  parseWrappingKeyLocations,
  type WrappingKeyLocations,
} from "../sealing/wrappingKeyLocation.js";
import { parsedBy } from "./settingKinds.js";
import { settingsPart, wrongSettings } from "./settingsPart.js";

export const sealingSettings = settingsPart(
  "The key for secrets at rest",
  {
    SECRETS_KEY_LOCATION: parsedBy(parseWrappingKeyLocation).optional().meta({
      description:
        "Where the key is that opens the secrets in the database (passwords, users' keys): file:<path>, made by `signpost secrets new-key`, or aws-kms:<key ARN, id or alias>. Only capabilities that keep secrets need it. Back it up: without it, no backup of the database gives them back (docs/operations/secrets.md).",
    }),
    SECRETS_FORMER_KEY_LOCATIONS: parsedBy(parseWrappingKeyLocations).optional().meta({
      description:
        "Where the keys from before are, in the same form, with commas between them. Needed until `signpost secrets status` says that they wrap nothing. The keys themselves are to be kept as long as any backup from before.",
    }),
  },
  (settings): WrappingKeyLocations => {
    const { SECRETS_KEY_LOCATION: key = null, SECRETS_FORMER_KEY_LOCATIONS: formerKeys = [] } =
      settings;
    if (key === null && formerKeys.length > 0) {
      throw wrongSettings([
        "SECRETS_FORMER_KEY_LOCATIONS: needs SECRETS_KEY_LOCATION, where the present key is",
      ]);
    }
    return { key, formerKeys };
  },
);
