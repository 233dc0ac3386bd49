/** What commands read of the environment beside the settings. */

/** The RPC node that is asked where none is named. */
export const RPC_URL_VARIABLE = "RPC_URL";

/** The key of an admin's account; a secret. */
export const ADMIN_KEY_VARIABLE = "ADMIN_PRIVATE_KEY";

/** The service that is asked where none is named. */
export const SERVICE_URL_VARIABLE = "SIGNPOST_URL";

/** The API key of a service's domain; a secret. */
export const API_KEY_VARIABLE = "SIGNPOST_API_KEY";
