/** An error as JSON, as it stands for one item of a batch; as a whole answer, it also names its request. */
import { z } from "zod";

export const refusalSchema = z.strictObject({
  /** One of `ERROR_CODES`, or one that is newer than the reader. */
  code: z.string(),
  message: z.string(),
  details: z.looseObject({}),
});
