/** What clients send to the relay node's routes. */
import { z } from "zod";
import { LONGEST_NAME } from "../../ens/dnsName.js";

/** Clients send contacts × messages, a thousand when they start. */
const MOST_ACKNOWLEDGEMENTS = 20_000;
const HASH_CHARS = 100;

export const acknowledgements = z.object({
  acknowledgements: z
    .array(
      z.object({
        /** The sender's name, as served. */
        contactAddress: z.string().max(LONGEST_NAME),
        messageHash: z.string().max(HASH_CHARS),
      }),
    )
    .max(MOST_ACKNOWLEDGEMENTS),
});
